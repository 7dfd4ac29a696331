// SPDX-License-Identifier: GPL-3.0-or-later
// Work that is planned: what there is, and, with a token, a new one or the end of one.

import { h } from './dom.js';
import { t, heading, when, serverNow } from './i18n.js';
import { store, get, post } from './store.js';

const SCOPES = ['device', 'group', 'provider', 'kelurahan', 'all'];
const HOURS = [1, 2, 4, 8, 24];

const targetOf = (one) => one.scope === 'all' ? t('scope.all') : `${t(`scope.${one.scope}`)} ${one.target}`;

// What the inventory has of that kind, for the field's list.
function targets(scope) {
	const key = scope === 'device' ? 'id' : scope;
	return [...new Set([...store.devices.values()].map((device) => device[key]).filter(Boolean))].sort();
}

function item(one, token, end) {
	return h('li', { class: `event planned${one.now ? ' is-now' : ''}` },
		h('span', { class: 'what' }, h('b', {}, targetOf(one)), h('span', { class: 'muted' }, ` · ${one.reason} · ${one.by}`)),
		h('span', {}, `${when(one.next_begin_ms)} – ${when(one.next_end_ms)}${one.weekly ? ` · ${t('maintenance.weekly')}` : ''}`),
		token ? h('button', { type: 'button', onclick: () => end(one) }, t('maintenance.end')) : null);
}

// "2026-12-01T14:05" of now, as the field wants it, in the browser's own zone.
function fieldTime(ms) {
	const at = new Date(ms);
	return new Date(ms - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function form(add) {
	const option = (value, text) => h('option', { value }, text);
	const list = h('datalist', { id: 'maintenance-targets' });
	const scope = h('select', { id: 'maintenance-scope', onchange: fill }, SCOPES.map((one) => option(one, heading(`scope.${one}`))));
	const target = h('input', { id: 'maintenance-target', list: 'maintenance-targets', required: true });
	const begin = h('input', { id: 'maintenance-begin', type: 'datetime-local', value: fieldTime(serverNow()) });
	const hours = h('select', { id: 'maintenance-hours' }, HOURS.map((one) => option(one, t('time.h', { n: one }))));
	const reason = h('input', { id: 'maintenance-reason', maxlength: 200, required: true });
	const weekly = h('input', { id: 'maintenance-weekly', type: 'checkbox' });
	const labelled = (field, label) => h('label', { for: field.id }, heading(label), ' ', field);

	function fill() {
		target.disabled = scope.value === 'all';
		list.replaceChildren(...targets(scope.value).map((one) => option(one, '')));
	}

	fill();
	return h('form', { class: 'token maintenance', onsubmit: (event) => {
		event.preventDefault();
		const from = new Date(begin.value).getTime();
		const query = new URLSearchParams({ scope: scope.value, begin_ms: from, end_ms: from + hours.value * 3600000,
			weekly: weekly.checked ? 'yes' : 'no', reason: reason.value.trim() });
		if (scope.value !== 'all')
			query.set('target', target.value.trim());
		add(query);
	} }, labelled(scope, 'maintenance.of'), target, list, labelled(begin, 'term.since'), labelled(hours, 'term.span'),
	labelled(reason, 'term.reason'), h('label', { for: weekly.id }, weekly, ' ', t('maintenance.weekly')),
	h('button', { type: 'submit' }, t('maintenance.add')));
}

export function maintenancePart(token) {
	const list = h('ol', { class: 'events long' }), note = h('p', { class: 'muted', role: 'status' });

	async function change(path) {
		try {
			await post(path, token());
			await load();
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
		}
	}

	const end = (one) => change(`maintenance/${one.id}/end`);

	async function load() {
		try {
			const { maintenance } = await get('maintenance');
			list.replaceChildren(...maintenance.map((one) => item(one, token(), end)));
			note.textContent = maintenance.length ? '' : t('maintenance.none');
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
		}
	}

	load();
	return h('section', { class: 'planning' }, h('h2', {}, t('maintenance.title')), note, list,
		token() ? form((query) => change(`maintenance?${query}`)) : null);
}
