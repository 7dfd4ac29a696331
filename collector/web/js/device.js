// SPDX-License-Identifier: GPL-3.0-or-later
// One device: its state and why, what it is, its links live, their graphs, its events.

import { h, icon, setText } from './dom.js';
import { t, has, heading, when, since, duration, bits, number, language, zoneName, serverNow } from './i18n.js';
import { store, subscribe, get } from './store.js';
import { deviceHref, statusText, severity, eventRow } from './parts.js';
import { chart } from './chart.js';

const RANGES = ['hour', '6h', 'day', 'week', 'month', 'year'];
const RELOAD_MS = 15000;
const REDRAW_MS = 60000;

// In and out where they differ; null: unknown.
function capacityOf({ capacity_in_bps: inward, capacity_out_bps: outward }) {
	if (inward === outward)
		return inward ? bits(inward) : null;
	return `${bits(inward)} / ${bits(outward)}`;
}

export function devicePage(id) {
	const element = h('div', { class: 'device' }, h('p', { class: 'muted' }, t('app.loading')));
	const parts = {};
	let device = null;
	let chosen = null; // what the graphs show: { object, group }
	let stopChart = () => {};
	let stopped = false;

	function fact(label, value, title) {
		return value === null || value === undefined || value === '' ? null : h('div', { class: 'fact' }, h('dt', {}, label), h('dd', { title }, value));
	}

	// Why the last poll failed, and how it answers, in the reader's language.
	function remarks() {
		const why = device.poll_failure;
		const failed = why ? [h('div', {}, t('device.poll_failed', { why: has(`failure.${why}`) ? t(`failure.${why}`) : why }))] : [];
		const known = (device.remarks || []).filter((one) => has(`remark.${one}`)).map((one) =>
			h('div', {}, t(`remark.${one}`), one === 'unknown-link' ? `: ${device.unknown_links.join(', ')}` : null));
		return known.length || failed.length ? [...failed, ...known] : device.problem;
	}

	function facts() {
		const parent = device.parent && store.devices.get(device.parent);
		return [
			fact(heading('term.address'), device.address),
			fact(heading('term.answers_from'), device.answers_from),
			fact(heading('term.place'), [device.kelurahan, device.kecamatan].filter(Boolean).join(', ')),
			fact(heading('term.provider'), device.provider),
			fact(heading('term.contract'), device.contract),
			fact(heading('term.medium'), device.medium === 'unknown' ? null : t(`medium.${device.medium}`)),
			fact(heading('term.capacity'), capacityOf(device)),
			device.parent ? fact(heading('term.parent'), h('a', { href: deviceHref(device.parent) }, parent ? parent.name : device.parent)) : null,
			fact(heading('term.rtt'), device.rtt_ms === null ? null : `${number(device.rtt_ms)} ms`),
			fact(heading('term.last_answer'), device.last_answer_ms ? when(device.last_answer_ms) : null),
			fact(heading('term.uptime'), device.uptime_s === null ? null : duration(device.uptime_s * 1000)),
			fact(heading('term.profile'), device.profile),
			fact(heading('term.system'), [device.sys_name, device.sys_descr].filter(Boolean).join(' — ')),
			fact(t('device.hardware'), [device.model, device.firmware, device.serial].filter(Boolean).join(' — ')),
			fact(heading('term.notes'), device.notes),
			fact(heading('term.remark'), remarks()),
			fact(heading('term.values_at_once'), device.values_at_once),
		].filter(Boolean);
	}

	function showHead() {
		parts.head.className = `hero s-${device.status}`;
		parts.head.replaceChildren(
			h('a', { class: 'backlink', href: '#/', title: t('device.back'), 'aria-label': t('device.back') }, icon('back')),
			h('span', { class: 'bigmark' }, icon(device.status)),
			h('div', {},
				h('h1', {}, device.name),
				h('p', {}, h('b', { class: 'state' }, statusText(device)),
					device.since_ms ? [' ', h('span', {}, t('device.since', { time: when(device.since_ms) })), ' ', zoneName(), ' (', h('span', { 'data-since': device.since_ms }, since(device.since_ms)), ')'] : null),
				device.trouble_at ? h('p', { class: 'where' }, heading(`trouble_at.${device.trouble_at}`)) : null),
			h('p', { class: 'ident muted' }, `${heading(`kind.${device.kind}`)} · ${device.id}`));
	}

	function loadBar({ load }) {
		if (load === null)
			return '–';
		const bar = h('i', { class: load > 0.9 ? 'full' : load > 0.7 ? 'high' : '' });
		bar.style.width = `${Math.min(100, load * 100).toFixed(1)}%`;
		return [h('span', { class: 'bar' }, bar), h('span', { class: 'percent' }, `${number(load * 100)} %`)];
	}

	function linkRow(link) {
		const state = link.admin === 'down' ? 'pending' : link.oper === 'up' ? 'up' : link.oper === 'unknown' ? 'pending' : 'down';
		const errors = [link.in_errors_per_s, link.out_errors_per_s, link.in_discards_per_s, link.out_discards_per_s].filter((one) => one !== null);
		return h('tr', { class: link.present ? '' : 'gone' },
			h('th', { scope: 'row' }, h('button', { type: 'button', class: 'linkname', onclick: () => choose(link.name, 'traffic') }, link.name), link.alias ? h('span', { class: 'muted alias' }, link.alias) : null),
			h('td', {}, has(`role.${link.role}`) ? t(`role.${link.role}`) : link.role),
			h('td', { class: `s-${state}` }, h('span', { class: 'oper' }, icon(state), t(`oper.${link.oper}`)), link.oper_since_ms ? h('span', { class: 'muted' }, ` ${when(link.oper_since_ms)}`) : null),
			h('td', { class: 'num' }, bits(link.in_bps)),
			h('td', { class: 'num' }, bits(link.out_bps)),
			h('td', { class: 'num' }, capacityOf(link) || '–'),
			h('td', { class: 'load' }, loadBar(link)),
			h('td', { class: 'num' }, errors.length ? number(errors.reduce((a, b) => a + b, 0)) : '–'));
	}

	function showLinks() {
		const head = ['term.name', 'term.role', 'term.state', 'term.in', 'term.out', 'term.capacity', 'term.load', 'term.error_rate'];
		if (!device.links.length) {
			parts.links.replaceChildren(h('p', { class: 'muted' }, t('device.no_links')));
			return;
		}
		parts.links.replaceChildren(h('table', {},
			h('thead', {}, h('tr', {}, head.map((key, i) => h('th', { scope: 'col', class: i > 2 ? 'num' : '', title: key === 'term.error_rate' ? t('device.errors.title') : null }, heading(key))))),
			h('tbody', {}, device.links.map(linkRow))));
	}

	function showMetrics() {
		parts.metrics.hidden = !device.metrics.length;
		parts.metricList.replaceChildren(...device.metrics.map((metric) => fact([metric.group, metric.object].filter(Boolean).join(' · '),
			`${metric.name} ${metric.value === null ? '–' : `${number(metric.value)} ${metric.unit === metric.name ? '' : metric.unit}`}`)));
	}

	function showChildren() {
		const children = [...store.devices.values()].filter((one) => one.parent === id).sort((a, b) => severity(a) - severity(b) || a.id.localeCompare(b.id, undefined, { numeric: true }));
		parts.children.hidden = !children.length;
		parts.childCount.textContent = t('overview.of', { up: children.filter((one) => one.status === 'up').length, total: children.length });
		parts.childList.replaceChildren(...children.map((one) => h('a', { class: `child s-${one.status}`, href: deviceHref(one.id), title: statusText(one) }, icon(one.status), one.name)));
	}

	function showEvents() {
		parts.events.replaceChildren(...device.events.map((event) => eventRow(event, false)));
		if (!device.events.length)
			parts.events.append(h('li', { class: 'muted' }, t('device.no_events')));
	}

	// ---- graphs ----

	const path = () => `${encodeURIComponent(id)}?object=${encodeURIComponent(chosen.object)}&group=${encodeURIComponent(chosen.group)}`;

	function graphUrl(range, format) {
		const theme = document.documentElement.dataset.theme;
		return `api/v1/graphs/${path()}&range=${range}&format=${format}&lang=${language()}&theme=${theme}&t=${Math.floor(Date.now() / REDRAW_MS)}`;
	}

	function graphFigure(range) {
		const title = t('device.graph.of', { link: chosen.object || device.name, range: t(`range.${range}`) });
		const note = h('span', { class: 'muted', hidden: true }, t('device.graph.none'));
		const image = h('img', { alt: title, 'data-range': range, width: 923, height: 378, decoding: 'async', onerror: () => {
			image.hidden = true;
			note.hidden = false;
		}, onload: () => {
			image.hidden = false;
			note.hidden = true;
		} });
		image.src = graphUrl(range, 'png');
		return h('figure', {}, h('figcaption', {}, heading(`range.${range}`)), image, note);
	}

	// Everything that may be drawn: each link's groups, and each metric's.
	function choices() {
		const list = device.links.filter((link) => link.present).flatMap((link) => [{ object: link.name, group: 'traffic', label: link.name },
			{ object: link.name, group: 'errors', label: `${link.name} · ${heading('group.errors')}` }]);
		for (const metric of device.metrics)
			if (!list.some((one) => one.group === metric.group && one.object === metric.object))
				list.push({ object: metric.object, group: metric.group, label: [has(`group.${metric.group}`) ? heading(`group.${metric.group}`) : metric.group, metric.object].filter(Boolean).join(' · ') });
		return list;
	}

	function showTabs() {
		const list = choices();
		const key = list.map((one) => `${one.group} ${one.object}`).join('\n');
		if (parts.tabs.dataset.key !== key) {
			parts.tabs.dataset.key = key;
			parts.tabs.replaceChildren(...list.map((one) => h('button', { type: 'button', 'data-group': one.group, 'data-object': one.object, onclick: () => choose(one.object, one.group) }, one.label)));
		}
		for (const tab of parts.tabs.children)
			tab.setAttribute('aria-pressed', Boolean(chosen) && tab.dataset.object === chosen.object && tab.dataset.group === chosen.group);
		if (!chosen && list.length) {
			const main = device.links.find((link) => link.main && link.present);
			choose(main ? main.name : list[0].object, main ? 'traffic' : list[0].group);
		}
	}

	function choose(object, group) {
		chosen = { object, group };
		stopChart();
		parts.graphs.hidden = false;
		parts.chart.textContent = '';
		stopChart = chart(parts.chart, () => get(`series/${path()}&range=hour`));
		parts.images.replaceChildren(...RANGES.map(graphFigure));
		showTabs();
	}

	function redraw() {
		for (const image of parts.images ? parts.images.querySelectorAll('img') : [])
			image.src = graphUrl(image.dataset.range, 'png');
	}

	// ---- the whole ----

	function build() {
		Object.assign(parts, {
			head: h('header', {}), facts: h('dl', { class: 'facts' }), links: h('div', { class: 'scroll' }), tabs: h('div', { class: 'tabs', role: 'group', 'aria-label': t('device.graphs') }),
			chart: h('div', { class: 'chart' }), images: h('div', { class: 'images' }), events: h('ol', { class: 'events' }), metricList: h('dl', { class: 'facts' }),
			counts: h('p', { class: 'muted small' }), childList: h('div', { class: 'children' }), childCount: h('span', { class: 'muted' }),
		});
		parts.children = h('section', { class: 'panel', hidden: true }, h('h2', {}, t('device.children'), parts.childCount), parts.childList);
		parts.metrics = h('section', { class: 'panel', hidden: true }, h('h2', {}, t('device.metrics')), parts.metricList);
		parts.graphs = h('section', { class: 'panel', hidden: true }, h('h2', {}, t('device.graphs')), parts.tabs,
			h('h3', {}, t('device.live'), h('span', { class: 'muted hint' }, t('device.live.hint'))), parts.chart, parts.images);
		element.replaceChildren(parts.head,
			h('section', { class: 'panel' }, parts.facts, parts.counts),
			h('section', { class: 'panel' }, h('h2', {}, t('device.links')), parts.links),
			parts.metrics, parts.children, parts.graphs,
			h('section', { class: 'panel' }, h('h2', {}, t('device.events')), parts.events));
	}

	function show() {
		if (!parts.head)
			build();
		showHead();
		parts.facts.replaceChildren(...facts());
		setText(parts.counts, t('device.counts', device.counts));
		showLinks();
		showMetrics();
		showChildren();
		showEvents();
		showTabs();
	}

	async function load() {
		try {
			device = await get(`devices/${encodeURIComponent(id)}`);
		} catch (error) {
			if (!device && !stopped)
				element.replaceChildren(h('section', { class: 'panel page' },
					h('p', { role: 'alert' }, error.status === 404 ? t('device.missing', { id }) : t('app.failed', { error: error.message })),
					h('p', {}, h('a', { class: 'link', href: '#/' }, t('device.back')))));
			return;
		}
		if (!stopped)
			show();
	}

	const stopListening = subscribe((what, detail) => {
		if (what === 'device' && detail.id === id && device) {
			Object.assign(device, store.devices.get(id));
			showHead();
			load();
		} else if (what === 'device' && detail.changed && device && parts.children) {
			showChildren();
		} else if (what === 'devices') {
			load();
		}
	});
	const timers = [
		setInterval(load, RELOAD_MS),
		setInterval(redraw, REDRAW_MS),
		setInterval(() => element.querySelectorAll('[data-since]').forEach((one) => setText(one, since(Number(one.dataset.since)))), 1000),
	];
	load();
	return { element, stop() {
		stopped = true;
		stopListening();
		stopChart();
		timers.forEach(clearInterval);
	} };
}
