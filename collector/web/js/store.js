// SPDX-License-Identifier: GPL-3.0-or-later
// The devices and events as the collector last told them, kept live by its event stream.
// Views subscribe; they get 'devices' (all anew), 'device' (an id), 'event', 'alert', 'link'.

import { setServerTime } from './i18n.js';

const API = 'api/v1';
const BEAT_LIMIT_MS = 25000; // the collector sends something every 10 s
const EVENTS_MAX = 200;

export const store = {
	status: null,
	devices: new Map(),
	events: [],
	live: 'connecting', // 'connecting', 'live', 'lost'
	lostSince: 0,
	loaded: false, // until then nothing is known, not even that there is nothing
};

const listeners = new Set();
let source = null;
let lastSeen = 0;
let fetching = 0;
let held = []; // messages that arrive while a snapshot is on its way

export function subscribe(fn) {
	listeners.add(fn);
	return () => listeners.delete(fn);
}

function tell(what, detail) {
	for (const fn of [...listeners])
		fn(what, detail);
}

export async function get(path) {
	const answer = await fetch(`${API}/${path}`, { headers: { Accept: 'application/json' } });
	if (answer.status === 204)
		return null;
	const body = await answer.json().catch(() => null);
	if (!answer.ok)
		throw Object.assign(new Error((body && body.error) || `HTTP ${answer.status}`), { status: answer.status });
	return body;
}

// Something that changes something, by the token of somebody who may.
export async function post(path, token) {
	const answer = await fetch(`${API}/${path}`, { method: 'POST', headers: { Accept: 'application/json', Authorization: `Bearer ${token}` } });
	const body = await answer.json().catch(() => null);
	if (!answer.ok)
		throw new Error((body && body.error) || `HTTP ${answer.status}`);
	return body;
}

export async function loadStatus() {
	store.status = await get('status');
	setServerTime(store.status.now_ms);
	return store.status;
}

async function loadAll() {
	const turn = ++fetching;
	held = [];
	const [status, devices, events] = await Promise.all([loadStatus(), get('devices'), get(`events?limit=${EVENTS_MAX}`)]);
	if (turn !== fetching)
		return; // a newer snapshot is on its way
	store.status = status;
	store.devices = new Map(devices.map((device) => [device.id, device]));
	store.events = events;
	store.loaded = true;
	fetching = 0;
	const waiting = held;
	held = [];
	tell('devices');
	waiting.forEach(([kind, data]) => apply(kind, data));
}

function apply(kind, data) {
	if (kind === 'device' || kind === 'rates') {
		const device = store.devices.get(data.id);
		if (!device && kind === 'rates')
			return;
		const before = device && device.status;
		store.devices.set(data.id, Object.assign(device || {}, data));
		tell('device', { id: data.id, changed: before !== data.status });
	} else if (kind === 'event') {
		if (store.events.some((event) => event.id === data.id && data.id))
			return;
		store.events.unshift(data);
		store.events.length = Math.min(store.events.length, EVENTS_MAX);
		tell('event', data);
	}
}

function take(kind, data) {
	if (fetching)
		held.push([kind, data]);
	else
		apply(kind, data);
}

function setLive(state) {
	if (store.live === state)
		return;
	if (state === 'lost' && store.live !== 'lost')
		store.lostSince = lastSeen || Date.now(); // what is shown is of then
	store.live = state;
	tell('link');
}

function loadAgain() {
	loadAll().then(() => setLive('live')).catch(() => {
		fetching = 0;
		setLive('lost');
		setTimeout(connect, 3000);
	});
}

function onHello(message) {
	const hello = JSON.parse(message.data);
	setServerTime(hello.now_ms);
	// A wall runs for months: after an upgrade of the collector it takes the new page by itself.
	if (store.status && store.status.version !== hello.version) {
		location.reload();
		return;
	}
	if (hello.resumed && store.devices.size)
		setLive('live');
	else
		loadAgain();
}

export function connect() {
	if (source)
		source.close();
	lastSeen = Date.now();
	source = new EventSource(`${API}/stream`);
	const on = (name, fn) => source.addEventListener(name, (message) => {
		lastSeen = Date.now();
		fn(message);
	});
	on('hello', onHello);
	on('beat', () => {});
	on('device', (message) => take('device', JSON.parse(message.data)));
	on('rates', (message) => JSON.parse(message.data).forEach((rates) => take('rates', rates)));
	on('event', (message) => take('event', JSON.parse(message.data)));
	on('alert', (message) => tell('alert', JSON.parse(message.data)));
	on('reload', loadAgain);
	source.onerror = () => {
		setLive('lost');
		// The browser tries again by itself unless it was refused.
		if (source.readyState === EventSource.CLOSED)
			lastSeen = Date.now() - BEAT_LIMIT_MS + 3000;
	};
}

// A browser keeps pages that were left, with their streams, and has six connections to a
// server in all: the seventh page would wait until one of those is dropped.
window.addEventListener('pagehide', () => {
	if (source)
		source.close();
	source = null;
});
window.addEventListener('pageshow', (event) => {
	if (!event.persisted)
		return;
	setLive('connecting');
	connect();
});

// A line that died without a word: a sleeping laptop, a NAT that forgot.
setInterval(() => {
	if (source && Date.now() - lastSeen > BEAT_LIMIT_MS) {
		setLive('lost');
		connect();
	}
}, 1000);
