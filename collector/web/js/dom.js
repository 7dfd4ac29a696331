// SPDX-License-Identifier: GPL-3.0-or-later
// Elements from data. Text only ever becomes text nodes: no HTML is parsed anywhere.

// h('a', {class: 'tile', href: '#/device/opd-01', onclick: fn}, 'text', child, [more])
export function h(name, attributes, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (key.startsWith('on'))
			element.addEventListener(key.slice(2), value);
		else
			element.setAttribute(key, value === true ? '' : value);
	}
	element.append(...children.flat().filter((c) => c !== null && c !== undefined));
	return element;
}

export function setText(element, text) {
	if (element.textContent !== text)
		element.textContent = text;
}

const SVG = 'http://www.w3.org/2000/svg';

// Each state has a shape of its own: colour is never the only sign.
const ICONS = {
	up: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M7.8 12.3l2.9 2.9 5.5-6'],
	down: ['M8 3h8l5 5v8l-5 5H8l-5-5V8z', 'M8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4'],
	degraded: ['M12 3.2L22 20.5H2z', 'M12 9.5v5M12 17.2v.6'],
	suspect: ['M12 2.5l9.5 9.5-9.5 9.5L2.5 12z', 'M9.8 9.9c.2-1.4 1.1-2.1 2.3-2.1 1.3 0 2.3.8 2.3 2.1 0 1.8-2.3 1.9-2.3 3.7M12.1 16.4v.5'],
	unreachable: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M5.8 18.2L18.2 5.8'],
	'auth-failed': ['M6 10.5h12v10H6z', 'M8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3M12 14.3v2.8'],
	// a speech balloon that is crossed out
	'snmp-silent': ['M4 4h16v12h-9l-4.5 4.5V16H4z', 'M8.5 7l7 6M15.5 7l-7 6'],
	pending: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M7.5 12h.6M12 12h.6M16 12h.6'],
	pulse: ['', 'M2 13h4.5l2.6-7 4.2 13 3-8.5 1.6 2.5H22'],
	back: ['', 'M14.5 5l-7 7 7 7'],
	down_arrow: ['', 'M12 4v15M6 13.5l6 6 6-6'],
	up_arrow: ['', 'M12 20V5M6 10.5l6-6 6 6'],
};

export function icon(name) {
	const [body, sign] = ICONS[name] || ICONS.pending;
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('class', 'icon');
	svg.setAttribute('aria-hidden', 'true');
	for (const [part, d] of [['body', body], ['sign', sign]]) {
		if (!d)
			continue;
		const path = document.createElementNS(SVG, 'path');
		path.setAttribute('d', d);
		path.setAttribute('class', part);
		svg.append(path);
	}
	return svg;
}
