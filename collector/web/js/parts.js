// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces that several views show.

import { h, icon } from './dom.js';
import { t, has, heading, when, bits, duration } from './i18n.js';

// Worst first: the order of lists and of the strip.
export const STATUSES = ['down', 'degraded', 'unreachable', 'auth-failed', 'suspect', 'pending', 'up'];
export const PROBLEMS = ['down', 'degraded', 'unreachable', 'auth-failed', 'suspect'];
const KINDS = ['core', 'opd', 'hotspot'];

export const severity = (device) => STATUSES.indexOf(device.status);
export const kindOrder = (device) => KINDS.indexOf(device.kind);
export const deviceHref = (id) => `#/device/${encodeURIComponent(id)}`;

export function statusText(device) {
	const cause = device.cause && has(`cause.${device.cause}`) ? ` · ${t(`cause.${device.cause}`)}` : '';
	return heading(`status.${device.status}`) + cause;
}

// In from the network, out to it, with arrows and words for those who cannot see them.
export function rates(device) {
	return [
		h('span', { class: 'rate', title: heading('term.in') }, icon('down_arrow'), bits(device.in_bps, true)),
		h('span', { class: 'rate', title: heading('term.out') }, icon('up_arrow'), bits(device.out_bps, true)),
	];
}

const EVENT_STATE = {
	'device-down': 'down', 'link-down': 'degraded', 'path-down': 'degraded', 'auth-failed': 'auth-failed',
	'link-flapping': 'suspect', 'notifications-lost': 'suspect', 'device-restarted': 'pending',
	'collector-start': 'pending', 'collector-stop': 'pending',
};

// The collector writes one English line per event (collector/core/judge/correlate.c); these are its reasons.
const REASONS = [
	['its line is down', 'cause.link-down'],
	['no SNMP agent listens', 'cause.refused'],
	['no route to it', 'cause.no-route'],
	['does not know our SNMPv3 user', 'cause.unknown-user'],
	['another SNMPv3 key', 'cause.wrong-key'],
	['another SNMPv3 privacy key', 'cause.wrong-privacy-key'],
	['shows our credential nothing', 'cause.no-access'],
	['refuses our SNMPv3', 'cause.auth-other'],
	['does not answer', 'cause.no-answer'],
];
const UNIT_MS = { s: 1000, min: 60000, h: 3600000 };

// What the reader's language can say of that line; the line itself where the kind is about something else.
function detail(event) {
	const text = event.text || '';
	if (/^(path|notifications)-/.test(event.kind))
		return text;
	const parts = REASONS.filter(([english]) => text.includes(english)).slice(0, 1).map(([, key]) => t(key));
	const behind = text.match(/(\d+) devices behind it/);
	const after = text.match(/ after (\d+) (h|min) (\d+) (min|s)$/);
	if (behind)
		parts.push(t('event_detail.behind', { n: behind[1] }));
	if (after)
		parts.push(t('event_detail.after', { duration: duration(after[1] * UNIT_MS[after[2]] + after[3] * UNIT_MS[after[4]]) }));
	return parts.length ? parts.join(' · ') : has(`cause.${text}`) ? t(`cause.${text}`) : '';
}

export function eventRow(event, withDevice) {
	const state = EVENT_STATE[event.kind] || 'up';
	const what = has(`event.${event.kind}`) ? (withDevice && event.device ? t : heading)(`event.${event.kind}`, { link: event.link || '' }) : event.kind;
	const text = detail(event);
	const name = event.name || event.device;
	return h('li', { class: `event s-${state}` },
		icon(state),
		h('time', { datetime: new Date(event.time_ms).toISOString() }, when(event.time_ms)),
		h('span', { class: 'what' },
			withDevice && event.device ? [h('a', { href: deviceHref(event.device) }, name), ' '] : null,
			h('b', {}, what),
			text ? h('span', { class: 'muted' }, ` · ${text}`) : null),
		h('span', { class: 'source muted' }, has(`source.${event.source}`) ? t(`source.${event.source}`) : ''));
}
