// SPDX-License-Identifier: GPL-3.0-or-later
// All events, newest first, as far back as the store goes.

import { h } from './dom.js';
import { t } from './i18n.js';
import { subscribe, get } from './store.js';
import { eventRow } from './parts.js';

const PAGE = 100;

export function eventsPage() {
	const list = h('ol', { class: 'events long' });
	const note = h('p', { class: 'muted' }, t('app.loading'));
	const older = h('button', { type: 'button', hidden: true, onclick: () => load() }, t('events.older'));
	const seen = new Set();
	let before = 0;

	async function load() {
		older.disabled = true;
		try {
			const events = await get(`events?limit=${PAGE}${before ? `&before=${before}` : ''}`);
			for (const event of events.filter((one) => !seen.has(one.id))) {
				seen.add(event.id);
				list.append(eventRow(event, true));
				before = event.id;
			}
			older.hidden = events.length < PAGE;
			note.textContent = !list.children.length ? t('events.none') : older.hidden ? t('events.end') : '';
		} catch (error) {
			note.textContent = t('app.failed', { error: error.message });
			older.hidden = false;
		}
		older.disabled = false;
	}

	const stop = subscribe((what, event) => {
		if (what !== 'event' || seen.has(event.id))
			return;
		seen.add(event.id);
		list.prepend(eventRow(event, true));
	});
	load();
	return { element: h('section', { class: 'panel page' }, h('h1', {}, t('events.title')), list, note, older), stop };
}
