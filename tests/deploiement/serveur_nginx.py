"""The real nginx with the shipped configuration, on free ports, in front of a server that always answers."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings

NOM = "sante.exemple.fr"
CHEMIN = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE
# What Debian's nginx.conf has, the two lines that docs/deploiement.md adds, and the address that a test gives itself.
PRINCIPAL = """
{rlimit}
user {compte};
worker_processes 2;
pid {dossier}/pid;
error_log {dossier}/erreurs.log;
events {{
    {connexions}
}}
http {{
    client_body_temp_path {dossier}/corps;
    proxy_temp_path {dossier}/proxy;
    fastcgi_temp_path {dossier}/fastcgi;
    uwsgi_temp_path {dossier}/uwsgi;
    scgi_temp_path {dossier}/scgi;
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Essai-Adresse;
    include {dossier}/sante.conf;
}}
"""


class Django(BaseHTTPRequestHandler):
    """Stand for Django: a page everywhere, but no static file."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave together

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        corps = b"page de Django"
        self.send_response(404 if self.path.startswith("/static/") else 200)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)

    do_POST = do_GET  # noqa: N815  (the name that http.server looks for)

    def log_message(self, *arguments: object) -> None:
        pass


class Nginx:
    """`with Nginx(folder) as nginx:` runs it, and Django behind it, which `perdre_django` takes away."""

    def __init__(self, dossier: Path):
        self.dossier = dossier
        self.django = ThreadingHTTPServer(("127.0.0.1", 0), Django)
        self.http, self.https = _port_libre(), _port_libre()

    def __enter__(self) -> "Nginx":
        threading.Thread(target=self.django.serve_forever, daemon=True).start()
        self._ecrire()
        self._nginx()  # it comes back once it listens
        return self

    def __exit__(self, *erreur: object) -> None:
        self._nginx("-s", "stop")
        self.perdre_django()

    def perdre_django(self) -> None:
        self.django.shutdown()
        self.django.server_close()

    def _nginx(self, *arguments: str) -> None:
        fait = subprocess.run(
            [CHEMIN, "-c", self.dossier / "nginx.conf", *arguments], capture_output=True, text=True, check=False
        )
        assert fait.returncode == 0, fait.stderr

    def _ecrire(self) -> None:
        """Write the configuration of this machine: its ports, its folders, a certificate of one day."""
        depot = settings.BASE_DIR
        fournis = depot / "deploiement" / "nginx"
        texte = (fournis / "sante.conf").read_text(encoding="utf-8")
        texte = re.sub(r"^ *listen \[::\].*\n", "", texte, flags=re.MULTILINE)
        for avant, apres in (
            ("include /srv/sante/deploiement/nginx", f"include {self.dossier}"),
            ("listen 80", f"listen 127.0.0.1:{self.http}"),
            ("listen 443", f"listen 127.0.0.1:{self.https}"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.django.server_port}"),
            (f"/etc/letsencrypt/live/{NOM}", str(self.dossier)),
            ("/var/log/nginx", str(self.dossier)),
            ("/srv/sante/.statiques", str(self.dossier / "statiques")),
        ):
            assert avant in texte
            texte = texte.replace(avant, apres)
        pages = (fournis / "pages.conf").read_text(encoding="utf-8")
        pages = re.sub(r"/srv/sante[^;]*", f'"{depot}/deploiement/nginx"', pages)  # quoted: a path may hold spaces
        (self.dossier / "pages.conf").write_text(pages, encoding="utf-8")
        (self.dossier / "sante.conf").write_text(texte, encoding="utf-8")
        guide = (depot / "docs" / "deploiement.md").read_text(encoding="utf-8")
        principal = PRINCIPAL.format(
            dossier=self.dossier,
            compte="root" if os.geteuid() == 0 else "nobody",
            rlimit=re.search(r"worker_rlimit_nofile \d+;", guide)[0],
            connexions=re.search(r"worker_connections \d+;", guide)[0],
        )
        (self.dossier / "nginx.conf").write_text(principal, encoding="utf-8")
        options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=essai"
        fichiers = ["-keyout", self.dossier / "privkey.pem", "-out", self.dossier / "fullchain.pem"]
        subprocess.run(["openssl", *options.split(), *fichiers], check=True, capture_output=True)

    def demander(self, debut: str = "GET /", *entetes: str, de: str = "", corps: bytes = b"") -> HTTPResponse:
        """Return the answer to a request over TLS, its text in `texte`; `de` is the address it seems to come from."""
        lignes = [f"{debut} HTTP/1.1", f"Host: {NOM}", "Connection: close", *entetes]
        lignes += [f"X-Essai-Adresse: {de}"] * bool(de) + [f"Content-Length: {len(corps)}"] * bool(corps)
        return self.envoyer("\r\n".join([*lignes, "", ""]).encode() + corps)

    def envoyer(self, octets: bytes, *, en_clair: bool = False, source: str = "127.0.0.1") -> HTTPResponse:
        """Return the answer to these very bytes; raise ConnectionError or RemoteDisconnected when there is none."""
        prise = socket.create_connection(
            ("127.0.0.1", self.http if en_clair else self.https), timeout=20, source_address=(source, 0)
        )
        with prise if en_clair else TLS.wrap_socket(prise, server_hostname=NOM) as liaison:
            liaison.sendall(octets)
            reponse = HTTPResponse(liaison, method=octets.split(b" ", 1)[0].decode())
            reponse.begin()
            reponse.texte = reponse.read().decode()
            return reponse


def _port_libre() -> int:
    with socket.create_server(("127.0.0.1", 0)) as prise:
        return prise.getsockname()[1]
