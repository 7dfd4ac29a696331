// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces that several views show.

import { h, icon } from './dom.js';
import { t, has, heading, when, bits, duration, whole } from './i18n.js';

// Worst first: the order of lists and of the strip.
export const STATUSES = ['down', 'degraded', 'unreachable', 'auth-failed', 'snmp-silent', 'suspect', 'pending', 'up'];
export const PROBLEMS = ['down', 'degraded', 'unreachable', 'auth-failed', 'snmp-silent', 'suspect'];
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
	'device-down': 'down', 'link-down': 'degraded', 'path-down': 'degraded', 'auth-failed': 'auth-failed', 'snmp-silent': 'snmp-silent',
	'link-flapping': 'suspect', 'notifications-lost': 'suspect', 'device-restarted': 'pending', 'agent-restarted': 'pending',
	'collector-start': 'pending', 'collector-stop': 'pending',
};

// What is known of an event besides its kind; collector/core/judge/event_text.c says the same.
function details({ params }) {
	const known = params || {};
	const parts = [];
	if (known.cause)
		parts.push(has(`cause.${known.cause}`) ? t(`cause.${known.cause}`) : known.cause);
	if (known.behind)
		parts.push(t('event_detail.behind', { n: whole(known.behind) }));
	if (known.duration_ms >= 1000)
		parts.push(t('event_detail.after', { duration: duration(known.duration_ms) }));
	if (known.count)
		parts.push(t('event_detail.lost', { n: whole(known.count) }));
	else if (known.detail)
		parts.push(known.detail);
	return parts.join(' · ');
}

export function eventRow(event, withDevice) {
	const state = EVENT_STATE[event.kind] || 'up';
	const what = has(`event.${event.kind}`) ? (withDevice && event.device ? t : heading)(`event.${event.kind}`, { link: event.link || t('event_detail.unnamed') }) : event.kind;
	const text = details(event);
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
