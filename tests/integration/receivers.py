#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The receiving ends that Debian has no package of, played with their bad days.

    receivers.py http PORT LOG [CERT KEY]
        A gateway; what it does is in the path: /ok, /false, /429, /500, /moved, /hang, /half, /huge,
        /head, /redirect, and a bot of Telegram below /tg/DAY/bot... Each request becomes a line
        of JSON in LOG.
    receivers.py smtp PORT LOG CERT KEY DAY
        A mail server; DAY is starttls (login needed: pantau, kata-sandi), tls (from the start),
        plain (offers no STARTTLS), grey (450 to each sender) or none (550 to receivers whose
        address begins with "x"). Each mail becomes a line of JSON in LOG.
"""

import email
import email.policy
import http.server
import json
import ssl
import sys
import time


def write(log, record):
    with open(log, "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def tls(cert, key):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


# day: status, headers, body
ANSWERS = {
    "ok": (200, {}, '{"status":true,"id":["80"],"detail":"success"}'),
    "false": (200, {}, '{"status":false,"reason":"device disconnected"}'),
    "429": (429, {"Retry-After": "7"}, "slow down"),
    "500": (500, {}, "<h1>oops</h1>"),
    "redirect": (302, {"Location": "/ok"}, ""),
}
TELEGRAM = {
    "ok": (200, {}, '{"ok":true,"result":{"message_id":4711}}'),
    "429": (429, {}, '{"ok":false,"description":"Too Many Requests: retry after 35",'
                     '"parameters":{"retry_after":35}}'),
    "moved": (400, {}, '{"ok":false,"description":"group chat was upgraded",'
                       '"parameters":{"migrate_to_chat_id":-1001234567890}}'),
    "gone": (403, {}, '{"ok":false,"description":"Forbidden: bot was kicked"}'),
    "false": (200, {}, '{"ok":false,"description":"odd"}'),
}


class Gateway(http.server.BaseHTTPRequestHandler):
    log = None

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        write(self.log, {"path": self.path, "method": self.command,
                         "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body})
        words = self.path.strip("/").split("/")
        days = TELEGRAM if words[0] == "tg" else ANSWERS
        day = words[1] if words[0] == "tg" else words[0]
        if day in days:
            self.answer(*days[day])
        else:
            getattr(self, "day_" + day)()

    do_GET = do_PUT = do_POST

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def day_hang(self):
        time.sleep(60)

    def day_half(self):
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"status":tr')
        self.close_connection = True

    def day_cut(self):
        self.wfile.write(b"HTTP/1.1 20")
        self.close_connection = True

    def flood(self, octets):
        try:
            while True:
                self.wfile.write(octets * 4096)
        except OSError:
            self.close_connection = True

    def day_huge(self):
        self.send_response(200)
        self.end_headers()
        self.flood(b"x")

    def day_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self.flood(b"X-Y: zzzz\r\n")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


def serve_http(port, log, cert=None, key=None):
    Gateway.log = log
    server = Server(("127.0.0.1", int(port)), Gateway)
    if cert:
        server.socket = tls(cert, key).wrap_socket(server.socket, server_side=True,
                                                   do_handshake_on_connect=False)
    server.serve_forever()


def serve_smtp(port, log, cert, key, day):
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, SMTP

    class Mails:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if day == "none" and address.startswith("x"):
                return "550 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_MAIL(self, server, session, envelope, address, options):
            if day == "grey":
                return "450 come again later"
            envelope.mail_from = address
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
            parts = {part.get_content_type(): part.get_content()
                     for part in mail.walk() if not part.is_multipart()}
            write(log, {"from": envelope.mail_from, "to": envelope.rcpt_tos,
                        "subject": mail["Subject"], "id": mail["Message-ID"],
                        "reply": mail["In-Reply-To"], "references": mail["References"],
                        "date": mail["Date"].datetime.isoformat(), "parts": parts,
                        "defects": [str(d) for d in mail.defects],
                        "longest": max(map(len, envelope.content.split(b"\r\n"))),
                        "tls": session.ssl is not None or day == "tls"})
            return "250 queued"

    def login(server, session, envelope, mechanism, data):
        good = data.login == b"pantau" and data.password == b"kata-sandi"
        return AuthResult(success=good, handled=good)

    context = tls(cert, key)
    options = {"enable_SMTPUTF8": False}
    if day == "starttls":
        options |= {"tls_context": context, "require_starttls": True, "authenticator": login,
                    "auth_required": True}

    class Ends(Controller):
        def factory(self):
            return SMTP(self.handler, **options)

    Ends(Mails(), hostname="127.0.0.1", port=int(port),
         ssl_context=context if day == "tls" else None).start()
    time.sleep(100000)


{"http": serve_http, "smtp": serve_smtp}[sys.argv[1]](*sys.argv[2:])
