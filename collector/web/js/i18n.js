// SPDX-License-Identifier: GPL-3.0-or-later
// Words and figures in the reader's language, times in the collector's zone.

const catalogs = {};
let current = 'id';
let zone = 'Asia/Jakarta';
let formats = {};
let offset = 0; // the collector's clock minus ours, ms

const ZONE_NAMES = { 'Asia/Jakarta': 'WIB', 'Asia/Pontianak': 'WIB', 'Asia/Makassar': 'WITA', 'Asia/Jayapura': 'WIT' };

export async function loadLanguage(language) {
	if (!catalogs[language]) {
		const answer = await fetch(`i18n/${language}.json`);
		if (!answer.ok)
			throw new Error(`i18n/${language}.json: ${answer.status}`);
		catalogs[language] = await answer.json();
	}
	current = language;
	document.documentElement.lang = language;
	makeFormats();
}

export function setZone(name) {
	zone = name;
	makeFormats();
}

export function setServerTime(nowMs) {
	offset = nowMs - Date.now();
}

export const language = () => current;
export const timezone = () => zone;
export const serverNow = () => Date.now() + offset;

export function t(key, values) {
	let text = catalogs[current][key];
	if (text === undefined)
		return key;
	for (const [name, value] of Object.entries(values || {}))
		text = text.replaceAll(`{${name}}`, value);
	return text;
}

// A word that stands by itself: a heading, a button.
export const heading = (key, values) => {
	const text = t(key, values);
	return text.charAt(0).toLocaleUpperCase(current) + text.slice(1);
};

export const has = (key) => catalogs[current][key] !== undefined;

function makeFormats() {
	const locale = current === 'id' ? 'id-ID' : 'en-GB';
	const make = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
	formats = {
		clock: make({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
		date: make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
		day: make({ day: 'numeric', month: 'short' }),
		year: make({ year: 'numeric' }),
		dayKey: make({ year: 'numeric', month: '2-digit', day: '2-digit' }),
		number: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
		whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
	};
}

const colon = (text) => text.replaceAll('.', ':'); // id-ID writes 14.05.33; the wall's clocks use colons

export const zoneName = () => ZONE_NAMES[zone] || zone;
export const clock = (ms) => colon(formats.clock.format(ms));
export const longDate = (ms) => formats.date.format(ms);

// "14:05:33" today, "19 Nov 14:05" earlier, "19 Nov 2025 14:05" in another year.
export function when(ms) {
	if (!ms)
		return '–';
	if (formats.dayKey.format(ms) === formats.dayKey.format(serverNow()))
		return clock(ms);
	const year = formats.year.format(ms);
	return `${formats.day.format(ms)} ${year === formats.year.format(serverNow()) ? '' : `${year} `}${clock(ms).slice(0, 5)}`;
}

// "2 jam 14 mnt": the two largest units.
export function duration(ms) {
	const s = Math.max(0, Math.floor(ms / 1000));
	if (s < 1)
		return t('time.now');
	const parts = [['d', Math.floor(s / 86400)], ['h', Math.floor(s / 3600) % 24], ['m', Math.floor(s / 60) % 60], ['s', s % 60]];
	const first = parts.findIndex(([, n]) => n > 0);
	return parts.slice(first, first + 2).filter(([, n]) => n > 0).map(([unit, n]) => t(`time.${unit}`, { n })).join(' ');
}

export const since = (ms) => duration(serverNow() - ms);
export const number = (value) => (value === null || value === undefined ? '–' : formats.number.format(value));
export const whole = (value) => (value === null || value === undefined ? '–' : formats.whole.format(value));

// 12345678 -> "12,3 Mbit/s"
export function bits(value, short) {
	if (value === null || value === undefined)
		return '–';
	const units = short ? ['', 'k', 'M', 'G', 'T'] : ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
	let i = 0;
	while (value >= 999.5 && i < units.length - 1) {
		value /= 1000;
		i++;
	}
	const text = value >= 100 || i === 0 ? formats.whole.format(value) : formats.number.format(value);
	return short ? text + units[i] : `${text} ${units[i]}`;
}
