// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody has to do something about: open alerts, the worst first, and those that ended last.
// Whoever has a token answers here; it stays in this browser tab.

import { h, icon } from './dom.js';
import { t, has, heading, when, duration, whole, serverNow } from './i18n.js';
import { subscribe, get, post } from './store.js';
import { deviceHref } from './parts.js';

const ENDED = 50;
const SEVERITIES = ['critical', 'major', 'warning', 'info'];
const STATES = { critical: 'down', major: 'degraded', warning: 'suspect', info: 'pending' };
const KEY = 'pantau.token';

const token = () => sessionStorage.getItem(KEY) || '';
const named = (family, name) => has(`${family}.${name}`) ? t(`${family}.${name}`) : name;
const rank = (alert) => SEVERITIES.indexOf(alert.severity) + (alert.acknowledged_by ? SEVERITIES.length : 0);

function facts(alert) {
	const parts = [];
	if (alert.cause && alert.cause !== 'unknown')
		parts.push(`${t('message.cause')}: ${named('alert_cause', alert.cause)}`);
	if (alert.behind)
		parts.push(`${t('message.affected')}: ${whole(alert.behind)}`);
	if (alert.detail)
		parts.push(alert.detail);
	if (alert.planned)
		parts.push(t('alert_cause.planned'));
	if (alert.silenced)
		parts.push(t('alerts.silenced'));
	if (alert.acknowledged_by)
		parts.push(`${t('message.acked_by')} ${alert.acknowledged_by}`);
	if (alert.note)
		parts.push(alert.note);
	return parts.join(' · ');
}

function span(alert) {
	const until = alert.end_ms || serverNow();
	return `${when(alert.begin_ms)} · ${duration(until - alert.begin_ms)}`;
}

function actions(alert, answer) {
	if (alert.end_ms || !token())
		return null;
	const button = (what, label) => h('button', { type: 'button', onclick: () => answer(alert, what) }, t(label));
	return h('span', { class: 'answers' },
		button(alert.acknowledged_by ? 'unack' : 'ack', alert.acknowledged_by ? 'alerts.unack' : 'alerts.ack'),
		button('note', 'alerts.note'));
}

function row(alert, answer, chosen) {
	const state = alert.end_ms ? 'up' : STATES[alert.severity] || 'down';
	const text = facts(alert);
	return h('li', { class: `event alert s-${state}${alert.acknowledged_by ? ' is-acked' : ''}${chosen ? ' is-chosen' : ''}`, id: `alert-${alert.id}` },
		icon(state),
		h('span', { class: 'severity' }, heading(`severity.${alert.severity}`)),
		h('span', { class: 'what' },
			alert.device ? [h('a', { href: deviceHref(alert.device) }, alert.name || alert.device), ' '] : [t('message.collector'), ' '],
			h('b', {}, [named('alert', alert.kind), alert.link].filter(Boolean).join(' ')),
			text ? h('span', { class: 'muted' }, ` · ${text}`) : null),
		h('time', { datetime: new Date(alert.begin_ms).toISOString() }, span(alert)),
		actions(alert, answer));
}

export function alertsPage(chosen) {
	const open = h('ol', { class: 'events long alerts' }), ended = h('ol', { class: 'events long alerts' });
	const note = h('p', { class: 'muted', role: 'status' }, t('app.loading'));
	const input = h('input', { type: 'password', id: 'token', autocomplete: 'off', value: token() });
	const form = h('form', { class: 'token', onsubmit: (event) => {
		event.preventDefault();
		sessionStorage.setItem(KEY, input.value.trim());
		load();
	} }, h('label', { for: 'token' }, t('alerts.token')), input, h('button', { type: 'submit' }, t('alerts.use')));
	let turn = 0;

	async function answer(alert, what) {
		const text = what === 'unack' ? '' : window.prompt(t('alerts.ask_note'), alert.note || '');
		if (text === null || (what === 'note' && !text.trim()))
			return;
		try {
			await post(`alerts/${alert.id}/${what}${text.trim() ? `?note=${encodeURIComponent(text.trim())}` : ''}`, token());
			load();
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
		}
	}

	async function load() {
		const mine = ++turn;
		try {
			const [now, past] = await Promise.all([get('alerts?state=open&limit=200'), get(`alerts?state=ended&limit=${ENDED}`)]);
			if (mine !== turn)
				return; // a newer answer is on its way
			const worst = now.alerts.sort((a, b) => rank(a) - rank(b) || b.begin_ms - a.begin_ms);
			open.replaceChildren(...worst.map((alert) => row(alert, answer, alert.id === chosen)));
			ended.replaceChildren(...past.alerts.map((alert) => row(alert, answer, alert.id === chosen)));
			note.textContent = worst.length ? '' : t('alerts.none');
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
		}
	}

	const stop = subscribe((what) => {
		if (what === 'alert' || what === 'devices')
			load();
	});
	load();
	return { element: h('section', { class: 'panel page' }, h('h1', {}, t('alerts.title')), note, open, form,
		h('h2', {}, t('alerts.ended')), ended), stop };
}
