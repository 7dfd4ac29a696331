// SPDX-License-Identifier: GPL-3.0-or-later
// The interactive chart of the last hour, by uPlot. Unknown values stay gaps.

import { h } from './dom.js';
import uPlot from '../vendor/uplot/uPlot.esm.js';
import { t, has, heading, bits, number, timezone, clock, zoneName } from './i18n.js';

const REFRESH_MS = 10000;

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Nothing known yet: an axis of invented figures would say otherwise.
const isEmpty = (data) => data.slice(1).every((column) => column.every((one) => one === null));

// A file that is younger than half the range: show what there is, not the emptiness before it.
function fromFirstKnown(data) {
	const first = data[0].findIndex((_, i) => data.slice(1).some((column) => column[i] !== null));
	return first > data[0].length / 2 ? data.map((column) => column.slice(first - 1)) : data;
}

// "14:05", or "14:05:30" where points or marks lie closer than a minute.
const timeOf = (s, step_s) => (step_s < 60 ? clock(s * 1000) : clock(s * 1000).slice(0, 5));
const step = (times) => (times.length > 1 ? times[1] - times[0] : 60);

function options(series, width, value) {
	const axis = { stroke: css('--muted'), grid: { stroke: css('--line'), width: 1 }, ticks: { stroke: css('--line'), width: 1 }, font: '12px system-ui, sans-serif' };
	const colours = [css('--in'), css('--out'), css('--c3'), css('--c4')];
	return {
		width, height: 240,
		tzDate: (s) => uPlot.tzDate(new Date(s * 1000), timezone()),
		cursor: { drag: { x: true, y: false } },
		legend: { live: true },
		scales: { y: { range: (u, min, max) => (max === null ? [0, 1] : [Math.min(0, min), max > 0 ? max * 1.08 : 1]) } },
		axes: [{ ...axis, space: 84, values: (u, ticks) => ticks.map((s) => timeOf(s, step(ticks))) }, { ...axis, size: 92, values: (u, ticks) => (isEmpty(u.data) ? [] : ticks.map(value)) }],
		series: [
			{ label: zoneName(), value: (u, s) => (s === null ? '–' : timeOf(s, step(u.data[0]))) },
			...series.names.map((name, i) => ({
				label: has(`term.${name}`) ? heading(`term.${name}`) : name,
				stroke: colours[i % colours.length], width: 2, spanGaps: false,
				fill: i === 0 ? css('--in-fill') : undefined,
				value: (u, one) => value(one),
			})),
		],
	};
}

// Draws into box and keeps it fresh; load() gives the API's series. Returns stop().
export function chart(box, load) {
	let plot = null;
	let stopped = false;

	async function refresh() {
		let series;
		try {
			series = await load();
		} catch {
			if (!plot && !stopped)
				box.replaceChildren(h('p', { class: 'muted' }, t('device.graph.failed')));
			return;
		}
		if (stopped)
			return;
		if (!series) {
			box.replaceChildren(h('p', { class: 'muted' }, t('device.graph.none')));
			return;
		}
		const data = fromFirstKnown([series.time, ...series.data]);
		const value = (one) => (one === null || one === undefined ? '–' : series.unit === 'bit/s' ? bits(one) : `${number(one)} ${series.unit === 'packets/s' ? t('unit.packets') : series.unit}`);
		if (plot) {
			plot.setData(data);
			return;
		}
		box.textContent = '';
		plot = new uPlot(options(series, Math.max(280, box.clientWidth), value), data, box);
	}

	const timer = setInterval(refresh, REFRESH_MS);
	const resize = new ResizeObserver(() => {
		if (plot && box.clientWidth > 0)
			plot.setSize({ width: Math.max(280, box.clientWidth), height: 240 });
	});
	resize.observe(box);
	refresh();
	return () => {
		stopped = true;
		clearInterval(timer);
		resize.disconnect();
		if (plot)
			plot.destroy();
	};
}
