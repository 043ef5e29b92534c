"""A mail server on a free port: prints the port, then every e-mail it takes as a line of JSON."""

import asyncio
import json
import sys

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = sys.argv[1].encode(), sys.argv[2].encode()


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER, PASSWORD))


class Printer:
    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode(),
        }
        print(json.dumps(mail), flush=True)
        return "250 taken"


def conversation():
    return SMTP(
        Printer(),
        hostname="localhost",
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=False,
    )


async def main():
    server = await asyncio.get_running_loop().create_server(conversation, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
