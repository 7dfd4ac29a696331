// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody has to do something about: open alerts, the worst first, and those that ended last.
// Whoever has a token answers here; it stays in this browser tab.

import { h, icon } from './dom.js';
import { t, has, heading, when, duration, whole, serverNow } from './i18n.js';
import { subscribe, get, post } from './store.js';
import { deviceHref } from './parts.js';
import { attentionSwitches } from './attention.js';
import { maintenancePart } from './maintenance.js';

const ENDED = 50;
const SEVERITIES = ['critical', 'major', 'warning', 'info'];
const STATES = { critical: 'down', major: 'degraded', warning: 'suspect', info: 'pending' };
const CAUSES = ['power', 'line', 'port', 'device', 'provider', 'snmp', 'planned', 'unknown'];
const SILENCES = [1, 4, 24]; // hours
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

// A choice that does something at once.
function choice(label, options, chosen) {
	const select = h('select', { 'aria-label': t(label), onchange: () => select.value && chosen(select.value) },
		h('option', { value: '' }, t(label)), options.map(([value, text]) => h('option', { value }, text)));
	return select;
}

function actions(alert, answer) {
	if (alert.end_ms || !token())
		return null;
	const button = (what, label) => h('button', { type: 'button', onclick: () => answer(alert, what) }, t(label));
	const silences = SILENCES.map((hours) => [String(hours), t('time.h', { n: hours })]);
	return h('span', { class: 'answers' },
		button(alert.acknowledged_by ? 'unack' : 'ack', alert.acknowledged_by ? 'alerts.unack' : 'alerts.ack'),
		button('note', 'alerts.note'),
		choice('alerts.set_cause', CAUSES.map((cause) => [cause, heading(`alert_cause.${cause}`)]), (cause) => answer(alert, 'cause', { cause })),
		choice('alerts.silence', alert.silenced ? [['0', t('alerts.silence_off')], ...silences] : silences,
			(hours) => answer(alert, 'silence', { until_ms: hours === '0' ? 0 : Math.round(serverNow()) + hours * 3600000 })));
}

// Who was told of it, and what the receiver said.
function deliveryRow(one) {
	return h('li', { class: `event delivery is-${one.state}` },
		h('span', { class: 'what' }, h('b', {}, one.channel), ` ${named('delivery_what', one.what)}: ${named('delivery', one.state)}`,
			h('span', { class: 'muted' }, one.tries > 1 || one.answer ? ` · ${t('alerts.tries', { n: one.tries })}${one.answer ? ` · ${one.answer}` : ''}` : '')),
		h('time', { datetime: new Date(one.created_ms).toISOString() }, when(one.tried_ms || one.created_ms)));
}

function row(alert, answer, chosen) {
	const state = alert.end_ms ? 'up' : STATES[alert.severity] || 'down';
	const text = facts(alert);
	return h('li', { class: `event alert s-${state}${alert.acknowledged_by ? ' is-acked' : ''}${chosen ? ' is-chosen' : ''}`, id: `alert-${alert.id}` },
		icon(state),
		h('span', { class: 'severity' }, heading(`severity.${alert.severity}`)),
		h('span', { class: 'what' },
			alert.device ? [h('a', { href: deviceHref(alert.device) }, alert.name || alert.device), ' '] : [t('message.collector'), ' '],
			h('a', { class: 'quiet', href: `#/alert/${alert.id}` }, h('b', {}, [named('alert', alert.kind), alert.link].filter(Boolean).join(' '))),
			text ? h('span', { class: 'muted' }, ` · ${text}`) : null),
		h('time', { datetime: new Date(alert.begin_ms).toISOString() }, span(alert)),
		actions(alert, answer));
}

export function alertsPage(chosen) {
	const open = h('ol', { class: 'events long alerts' }), ended = h('ol', { class: 'events long alerts' });
	const told = h('section', { class: 'told', hidden: true }), planning = h('div', {}, maintenancePart(token));
	const note = h('p', { class: 'muted', role: 'status' }, t('app.loading'));
	const input = h('input', { type: 'password', id: 'token', autocomplete: 'off', value: token() });
	const form = h('form', { class: 'token', onsubmit: (event) => {
		event.preventDefault();
		sessionStorage.setItem(KEY, input.value.trim());
		planning.replaceChildren(maintenancePart(token));
		load();
	} }, h('label', { for: 'token' }, t('alerts.token')), input, h('button', { type: 'submit' }, t('alerts.use')));
	let turn = 0;

	async function answer(alert, what, fields = {}) {
		const asks = what === 'ack' || what === 'note';
		const text = asks ? window.prompt(t('alerts.ask_note'), alert.note || '') : '';
		if (text === null || (what === 'note' && !text.trim()))
			return;
		const query = new URLSearchParams(text.trim() ? { ...fields, note: text.trim() } : fields).toString();
		try {
			await post(`alerts/${alert.id}/${what}${query ? `?${query}` : ''}`, token());
			load();
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
		}
	}

	async function loadTold() {
		const { deliveries } = await get(`deliveries?alert=${chosen}&limit=100`);
		told.hidden = false;
		told.replaceChildren(h('h2', {}, t('alerts.told')), deliveries.length
			? h('ol', { class: 'events long' }, deliveries.map(deliveryRow)) : h('p', { class: 'muted' }, t('alerts.told_nobody')));
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
			if (chosen)
				await loadTold();
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
		}
	}

	const stop = subscribe((what) => {
		if (what === 'alert' || what === 'devices')
			load();
	});
	load();
	return { element: h('section', { class: 'panel page' }, h('h1', {}, t('alerts.title')), attentionSwitches(), note, open, told, form, planning,
		h('h2', {}, t('alerts.ended')), ended), stop };
}
