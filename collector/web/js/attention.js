// SPDX-License-Identifier: GPL-3.0-or-later
// A new alert calls: by a sound and by the browser's own notification, each switched on here and for
// this browser alone. Browsers allow the one only after a click on the page, the other only where it
// was permitted and the page came by https or from this machine; where not, that is said.

import { h } from './dom.js';
import { t, has } from './i18n.js';
import { subscribe } from './store.js';

const TONES = { critical: [880, 660, 880], major: [660, 880], warning: [660], info: [] };
const TONE_S = 0.18;
let context = null;

function recall(what) {
	try {
		return localStorage.getItem(`pantau.${what}`) === 'yes';
	} catch {
		return false;
	}
}

function remember(what, on) {
	try {
		localStorage.setItem(`pantau.${what}`, on ? 'yes' : 'no');
	} catch { /* private window: it holds for this page */ }
}

const wanted = { sound: recall('sound'), notify: recall('notify') };

function play(severity) {
	if (!context || context.state !== 'running')
		return;
	(TONES[severity] || []).forEach((hertz, i) => {
		const tone = context.createOscillator(), volume = context.createGain();
		const at = context.currentTime + i * TONE_S;
		tone.frequency.value = hertz;
		volume.gain.setValueAtTime(0.2, at);
		volume.gain.exponentialRampToValueAtTime(0.001, at + TONE_S);
		tone.connect(volume).connect(context.destination);
		tone.start(at);
		tone.stop(at + TONE_S);
	});
}

const kindOf = (alert) => has(`alert.${alert.kind}`) ? t(`alert.${alert.kind}`) : alert.kind;

function show(alert) {
	if (!window.Notification || Notification.permission !== 'granted')
		return;
	const shown = new Notification(alert.name || alert.device || t('message.collector'), {
		body: [kindOf(alert), alert.link].filter(Boolean).join(' '), tag: `pantau-${alert.id}` });
	shown.onclick = () => {
		window.focus();
		location.hash = `#/alert/${alert.id}`;
	};
}

// Once for the page, whatever view stands in it.
export function watchAlerts() {
	// a sound that was wanted before the page was loaded begins with the first click
	document.addEventListener('pointerdown', () => wanted.sound && wake(), { once: true });
	return subscribe((what, news) => {
		if (what !== 'alert' || !news || news.change !== 'raised' || news.silenced || news.planned)
			return;
		if (wanted.sound)
			play(news.severity);
		if (wanted.notify)
			show(news);
	});
}

async function wake() {
	context = context || new AudioContext();
	await context.resume();
}

function whyNot() {
	if (!window.Notification || !window.isSecureContext)
		return t('alerts.notify_insecure');
	return Notification.permission === 'denied' ? t('alerts.notify_denied') : '';
}

async function turn(what, on) {
	if (on && what === 'sound')
		await wake();
	if (on && what === 'notify' && !whyNot() && await Notification.requestPermission() !== 'granted')
		return whyNot() || t('alerts.notify_denied');
	const why = on && what === 'notify' ? whyNot() : '';
	wanted[what] = on && !why;
	remember(what, wanted[what]);
	if (on && what === 'sound')
		play('critical');
	return why;
}

export function attentionSwitches() {
	const note = h('span', { class: 'muted', role: 'status' });
	const one = (what, label) => {
		const box = h('input', { type: 'checkbox', id: `call-${what}`, checked: wanted[what], onchange: async () => {
			note.textContent = await turn(what, box.checked);
			box.checked = wanted[what];
		} });
		return h('label', { for: `call-${what}` }, box, ' ', t(label));
	};
	return h('p', { class: 'attention' }, one('sound', 'alerts.sound'), one('notify', 'alerts.notify'), note);
}
