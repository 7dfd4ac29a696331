// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of the page: header, clock, language, theme, the lost-connection banner, and
// which view stands in it (#/ overview, #/device/ID, #/alerts, #/alert/ID, #/events).

import { h, icon, setText } from './dom.js';
import { has, t, loadLanguage, language, setZone, zoneName, clock, longDate, serverNow } from './i18n.js';
import { store, subscribe, connect, loadStatus } from './store.js';
import { overview } from './overview.js';
import { devicePage } from './device.js';
import { alertsPage } from './alerts.js';
import { eventsPage } from './events.js';
import { watchAlerts } from './attention.js';

const SERVICE_MS = 30000;
const parts = {};
let view = null; // { element, stop() }

function remember(key, value) {
	try {
		localStorage.setItem(`pantau.${key}`, value);
	} catch { /* private window: it holds for this page */ }
}

function recall(key) {
	try {
		return localStorage.getItem(`pantau.${key}`);
	} catch {
		return null;
	}
}

function setTheme(theme) {
	document.documentElement.dataset.theme = theme;
	remember('theme', theme);
}

const theme = () => document.documentElement.dataset.theme;

// The address's parts; a broken one is as it stands.
function place() {
	return location.hash.replace(/^#\/?/, '').split('/').map((part) => {
		try {
			return decodeURIComponent(part);
		} catch {
			return part;
		}
	});
}

function viewOf(path) {
	if (path[0] === 'device' && path[1])
		return devicePage(path[1]);
	if (path[0] === 'alerts' || path[0] === 'alert')
		return alertsPage(Number(path[1]));
	return path[0] === 'events' ? eventsPage() : overview();
}

const NAV = { events: '#/events', alerts: '#/alerts', alert: '#/alerts' };

function route() {
	const path = place();
	if (view)
		view.stop();
	view = viewOf(path);
	document.getElementById('main').replaceChildren(view.element);
	for (const link of document.querySelectorAll('.nav a')) {
		link.removeAttribute('aria-current');
		if (link.getAttribute('href') === (NAV[path[0]] || '#/') && path[0] !== 'device')
			link.setAttribute('aria-current', 'page');
	}
	showTitle();
}

function header() {
	const other = language() === 'id' ? 'en' : 'id';
	parts.clock = h('b', { class: 'clock' });
	parts.zone = h('span', { class: 'zone' }, zoneName());
	parts.date = h('span', { class: 'date muted' });
	parts.live = h('span', { class: 'live', role: 'status' });
	const themeButton = h('button', { type: 'button', id: 'theme', title: t('app.theme.title'), onclick: () => {
		setTheme(theme() === 'dark' ? 'light' : 'dark');
		render();
	} }, t(theme() === 'dark' ? 'app.theme.light' : 'app.theme.dark'));
	const languageButton = h('button', { type: 'button', id: 'language', lang: other, title: t('app.language.title'), onclick: async () => {
		await loadLanguage(other);
		remember('language', other);
		render();
	} }, t('app.language'));
	return [
		h('a', { class: 'brand', href: '#/' }, icon('pulse'), h('b', {}, 'Pantau'),
			h('span', { class: 'place muted' }, store.status ? store.status.place : '')),
		h('nav', { class: 'nav', 'aria-label': t('nav.label') }, h('a', { href: '#/' }, t('nav.overview')), h('a', { href: '#/alerts' }, t('nav.alerts')), h('a', { href: '#/events' }, t('nav.events'))),
		h('div', { class: 'tools' }, parts.live, languageButton, themeButton),
		h('div', { class: 'time' }, parts.date, h('span', {}, parts.clock, ' ', parts.zone)),
	];
}

function tick() {
	const now = serverNow();
	if (!parts.clock)
		return;
	setText(parts.clock, clock(now));
	setText(parts.date, longDate(now));
}

function showLink() {
	const banner = document.getElementById('lost');
	const lost = store.live === 'lost';
	parts.live.className = `live is-${store.live}`;
	setText(parts.live, t(store.live === 'live' ? 'app.live' : lost ? 'app.lost' : 'app.connecting'));
	banner.hidden = !lost;
	setText(banner, lost ? t('app.lost.banner', { time: `${clock(store.lostSince + serverNow() - Date.now())} ${zoneName()}` }) : '');
	document.body.classList.toggle('stale', lost);
}

// What is wrong with the collector itself: nobody else would say it.
function showService() {
	const banner = document.getElementById('service');
	const remarks = store.status && store.status.remarks || [];
	banner.hidden = !remarks.length;
	setText(banner, remarks.map((remark) => has(`service.${remark}`) ? t(`service.${remark}`) : remark).join(' '));
}

// How many are down, then what is shown: to be told apart among the browser's tabs.
function showTitle() {
	const [kind, id] = place();
	const shown = kind === 'device' && id ? store.devices.get(id)?.name || id : kind === 'events' ? t('nav.events') : NAV[kind] ? t('nav.alerts') : null;
	let n = 0;
	for (const device of store.devices.values())
		n += device.status === 'down';
	document.title = (n ? `(${n}) ` : '') + [shown, 'Pantau', store.status && store.status.place].filter(Boolean).join(' · ');
}

function render() {
	const focused = document.activeElement && document.activeElement.id;
	document.getElementById('skip').textContent = t('app.skip');
	document.getElementById('top').replaceChildren(...header());
	if (focused === 'language' || focused === 'theme')
		document.getElementById(focused).focus(); // the button is a new one
	tick();
	showLink();
	showService();
	route();
}

function announce(event) {
	if (event.kind.startsWith('device-') && event.device)
		document.getElementById('say').textContent = `${event.name || event.device}: ${t(`event.${event.kind}`)}`;
}

async function start() {
	let status = null;
	setTheme(recall('theme') || 'dark');
	try {
		status = await loadStatus();
		setZone(status.timezone);
	} catch { /* the banner will say so */ }
	await loadLanguage(recall('language') || (status && status.language === 'en' ? 'en' : 'id'));
	subscribe((what, detail) => {
		if (what === 'link')
			showLink();
		if (what === 'event')
			announce(detail);
		if (what === 'devices' || what === 'device')
			showTitle();
		if (what === 'devices')
			showService();
	});
	window.addEventListener('hashchange', () => {
		route();
		document.getElementById('main').focus({ preventScroll: true });
		window.scrollTo(0, 0);
	});
	setInterval(tick, 1000);
	setInterval(() => loadStatus().then(showService).catch(() => { /* the other banner says so */ }), SERVICE_MS);
	render();
	watchAlerts();
	connect();
}

start();
