// SPDX-License-Identifier: GPL-3.0-or-later
// The wall: how many are in which state, what is wrong since when and why, every OPD as a
// tile, every hotspot as a mark in its kelurahan.

import { h, icon, setText } from './dom.js';
import { t, heading, when, since, whole } from './i18n.js';
import { store, subscribe } from './store.js';
import { STATUSES, PROBLEMS, severity, kindOrder, deviceHref, statusText, rates, eventRow } from './parts.js';

const PROBLEMS_SHOWN = 60;
const EVENTS_SHOWN = 12;

const share = (bps, capacity) => (bps && capacity ? bps / capacity : 0);

export function overview() {
	const state = { filter: '', query: '' };
	const tiles = new Map(); // id -> { element, update(device) }
	const groups = new Map(); // kelurahan -> { count, devices }
	const strip = h('section', { class: 'strip', 'aria-label': t('overview.filter') });
	const problems = h('ol', { class: 'problems' });
	const events = h('ol', { class: 'events' });
	const opd = h('div', { class: 'tiles' });
	const opdCount = h('span', { class: 'muted' });
	const spots = h('div', { class: 'kelurahan' });
	const spotCount = h('span', { class: 'muted' });
	const none = h('p', { class: 'muted none', hidden: true }, t('overview.none'));
	const problemCount = h('span', { class: 'count' });
	const search = h('input', {
		type: 'search', id: 'search', placeholder: t('overview.search'), 'aria-label': t('overview.search.label'),
		oninput: () => {
			state.query = search.value.trim().toLowerCase();
			filter();
		},
	});
	const element = h('div', { class: 'overview' },
		strip,
		h('section', { class: 'panel side' },
			h('h2', {}, t('overview.problems'), problemCount), problems,
			h('h2', {}, t('overview.events'), h('a', { class: 'more', href: '#/events' }, t('overview.events.all'))), events),
		h('section', { class: 'panel wide' },
			h('div', { class: 'head' }, h('h2', {}, t('overview.opd'), opdCount), search),
			opd, none,
			h('h2', {}, t('overview.hotspots'), spotCount), spots));

	function makeTile(device) {
		const name = h('span', { class: 'name' }, device.name);
		const mark = h('span', { class: 'mark' });
		const note = h('span', { class: 'note' });
		const bar = h('i', {});
		const tile = h('a', { class: 'tile', href: deviceHref(device.id), 'data-id': device.id }, mark, name, note, h('span', { class: 'bar', 'aria-hidden': 'true' }, bar));
		return { element: tile, update(now) {
			const load = Math.max(share(now.in_bps, now.capacity_in_bps), share(now.out_bps, now.capacity_out_bps));
			tile.className = `tile s-${now.status}`;
			mark.replaceChildren(icon(now.status));
			if (now.status === 'up')
				note.replaceChildren(...rates(now));
			else
				note.replaceChildren(h('b', {}, heading(`status.${now.status}`)), now.since_ms ? h('span', { class: 'since', 'data-since': now.since_ms }, since(now.since_ms)) : '');
			tile.title = `${now.name}: ${statusText(now)}`;
			bar.style.width = `${Math.min(100, load * 100).toFixed(1)}%`;
			bar.className = load > 0.9 ? 'full' : load > 0.7 ? 'high' : '';
			tile.setAttribute('aria-label', `${now.name}: ${statusText(now)}`);
		} };
	}

	function makeSpot(device) {
		const spot = h('a', { class: 'spot', href: deviceHref(device.id), 'data-id': device.id });
		return { element: spot, update(now) {
			const clients = now.clients === null || now.clients === undefined ? '' : ` · ${t('overview.clients', { n: whole(now.clients) })}`;
			const label = `${now.name}: ${statusText(now)}${now.status === 'up' ? clients : ` · ${when(now.since_ms)}`}`;
			if (spot.className !== `spot s-${now.status}`) {
				spot.className = `spot s-${now.status}`;
				spot.replaceChildren(icon(now.status));
			}
			spot.title = label;
			spot.setAttribute('aria-label', label);
		} };
	}

	function makeKelurahan(name, list) {
		const count = h('span', { class: 'muted' });
		const box = h('div', { class: 'spots' });
		for (const device of list) {
			const spot = makeSpot(device);
			tiles.set(device.id, spot);
			box.append(spot.element);
		}
		groups.set(name, { count, ids: list.map((device) => device.id) });
		return h('div', { class: 'kel' }, h('h3', {}, name, count), box);
	}

	function build() {
		const all = [...store.devices.values()];
		const byName = (a, b) => a.id.localeCompare(b.id, undefined, { numeric: true });
		const byKelurahan = new Map();
		tiles.clear();
		groups.clear();
		opd.replaceChildren(...all.filter((device) => device.kind !== 'hotspot').sort((a, b) => kindOrder(a) - kindOrder(b) || byName(a, b)).map((device) => {
			const tile = makeTile(device);
			tiles.set(device.id, tile);
			return tile.element;
		}));
		for (const device of all.filter((one) => one.kind === 'hotspot').sort(byName)) {
			const place = device.kelurahan || '–';
			byKelurahan.set(place, [...(byKelurahan.get(place) || []), device]);
		}
		spots.replaceChildren(...[...byKelurahan].sort(([a], [b]) => a.localeCompare(b)).map(([name, list]) => makeKelurahan(name, list)));
		for (const device of all)
			tiles.get(device.id)?.update(device);
		summary();
		showEvents();
		filter();
	}

	const matches = (device) => (!state.filter || device.status === state.filter) &&
		(!state.query || `${device.id} ${device.name} ${device.address} ${device.kelurahan} ${device.kecamatan} ${device.provider}`.toLowerCase().includes(state.query));

	function filter() {
		let shown = 0;
		for (const [id, tile] of tiles) {
			const ok = matches(store.devices.get(id));
			tile.element.hidden = !ok;
			shown += ok;
		}
		for (const box of spots.children)
			box.hidden = ![...box.querySelectorAll('.spot')].some((spot) => !spot.hidden);
		none.hidden = shown > 0 || !tiles.size;
		for (const button of strip.children)
			button.setAttribute('aria-pressed', button.dataset.status === state.filter);
	}

	function showStrip(all) {
		const cards = [['', all.length], ...STATUSES.map((status) => [status, all.filter((device) => device.status === status).length])];
		if (strip.children.length !== cards.length) {
			strip.replaceChildren(...cards.map(([status]) => h('button', {
				type: 'button', class: `card s-${status || 'all'}`, 'data-status': status,
				onclick: () => {
					state.filter = state.filter === status ? '' : status;
					filter();
				},
			}, status ? icon(status) : icon('pulse'), h('b', {}), h('span', {}, heading(`status.${status || 'all'}`)))));
		}
		cards.forEach(([status, n], i) => {
			const card = strip.children[i];
			setText(card.querySelector('b'), store.loaded ? whole(n) : '–');
			card.classList.toggle('zero', n === 0);
			card.setAttribute('aria-pressed', status === state.filter);
		});
	}

	function countUp(kind) {
		const all = [...store.devices.values()].filter((device) => device.kind === kind);
		if (!store.loaded)
			return '';
		return t('overview.of', { up: all.filter((device) => device.status === 'up').length, total: all.length });
	}

	function problemRow(device, behind) {
		return h('li', { class: `problem s-${device.status}` },
			h('a', { href: deviceHref(device.id) },
				icon(device.status),
				h('b', { class: 'who' }, device.name),
				h('span', { class: 'why' }, statusText(device)),
				h('span', { class: 'for' }, device.since_ms ? [h('b', { 'data-since': device.since_ms }, since(device.since_ms)),
					h('time', { datetime: new Date(device.since_ms).toISOString() }, when(device.since_ms))] : '–'),
				h('span', { class: 'where muted' }, [heading(`kind.${device.kind}`), device.kelurahan, device.provider].filter(Boolean).join(' · ')),
				behind ? h('span', { class: 'behind' }, t('overview.behind', { n: behind })) : null));
	}

	// All is well only if that is known of every one.
	function calm(all) {
		const pending = all.filter((device) => device.status === 'pending').length;
		const row = (state, key, hint) => h('li', { class: `calm s-${state}` }, icon(state), h('b', {}, t(key)), hint ? h('span', { class: 'muted' }, hint) : null);
		if (!store.loaded)
			return row('pending', 'app.loading');
		if (!all.length)
			return row('pending', 'overview.empty', t('overview.empty.hint'));
		if (pending)
			return row('pending', 'overview.waiting', t('overview.pending', { n: pending }));
		return row('up', 'overview.no_problems', t('overview.no_problems.hint'));
	}

	// What is only unreachable because its parent is down is counted in the parent's row.
	function showProblems(all) {
		const wrong = all.filter((device) => PROBLEMS.includes(device.status));
		const shown = new Set(wrong.filter((device) => device.status !== 'unreachable').map((device) => device.id));
		const behind = new Map();
		const rows = wrong.filter((device) => {
			let up = device;
			for (let i = 0; i < 8 && device.status === 'unreachable' && up; i++) {
				up = store.devices.get(up.parent);
				if (up && shown.has(up.id)) {
					behind.set(up.id, (behind.get(up.id) || 0) + 1);
					return false;
				}
			}
			return true;
		}).sort((a, b) => severity(a) - severity(b) || kindOrder(a) - kindOrder(b) || (b.since_ms || 0) - (a.since_ms || 0));
		setText(problemCount, rows.length ? whole(rows.length) : '');
		if (!rows.length) {
			problems.replaceChildren(calm(all));
			return;
		}
		problems.replaceChildren(...rows.slice(0, PROBLEMS_SHOWN).map((device) => problemRow(device, behind.get(device.id))));
		if (rows.length > PROBLEMS_SHOWN)
			problems.append(h('li', { class: 'muted rest' }, t('overview.more', { n: rows.length - PROBLEMS_SHOWN })));
	}

	function summary() {
		const all = [...store.devices.values()];
		showStrip(all);
		showProblems(all);
		setText(opdCount, countUp('opd'));
		setText(spotCount, countUp('hotspot'));
		for (const group of groups.values()) {
			const up = group.ids.filter((id) => store.devices.get(id)?.status === 'up').length;
			setText(group.count, `${up}/${group.ids.length}`);
		}
	}

	function showEvents() {
		events.replaceChildren(...store.events.slice(0, EVENTS_SHOWN).map((event) => eventRow(event, true)));
		if (!store.events.length)
			events.append(h('li', { class: 'muted' }, t(store.loaded ? 'events.none' : 'app.loading')));
	}

	function onDevice({ id, changed }) {
		const device = store.devices.get(id);
		const tile = tiles.get(id);
		if (!tile) {
			build();
			return;
		}
		tile.update(device);
		if (!changed)
			return;
		tile.element.classList.add('changed');
		setTimeout(() => tile.element.classList.remove('changed'), 4000);
		summary();
		filter();
	}

	const stopListening = subscribe((what, detail) => {
		if (what === 'devices')
			build();
		else if (what === 'device')
			onDevice(detail);
		else if (what === 'event')
			showEvents();
	});
	const timer = setInterval(() => {
		for (const one of element.querySelectorAll('[data-since]'))
			setText(one, since(Number(one.dataset.since)));
	}, 1000);
	const onKey = (event) => {
		if (event.key === '/' && document.activeElement !== search) {
			event.preventDefault();
			search.focus();
		} else if (event.key === 'Escape' && document.activeElement === search) {
			search.value = '';
			state.query = '';
			filter();
		}
	};
	document.addEventListener('keydown', onKey);
	build();
	return { element, stop() {
		stopListening();
		clearInterval(timer);
		document.removeEventListener('keydown', onKey);
	} };
}
