"""tools/links.py, on a site and a web of our own: what is there, what is gone, and what will not say."""

import runpy
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from shared import ROOT

links = runpy.run_path(str(ROOT / "tools/links.py"))


class Web(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        if self.path == "/garbled":
            self.wfile.write(b"what is HTTP?\r\n\r\n")
            self.close_connection = True
            return
        if self.path == "/shaky":
            Web.asked += 1
        status = {"/gone": 404, "/moved": 301, "/guarded": 403, "/shaky": 503 if Web.asked < 3 else 200, "/10.1/none": 404}.get(self.path, 200)
        body = {"/10.1/good%28a%29": b'{"responseCode": 1}', "/10.1/odd": b'{"responseCode": 100}'}.get(self.path, b"")
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/there")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def web():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path, answer", [("/there", "there"), ("/moved", "there"), ("/gone", "gone"), ("/guarded", "not known"), ("/garbled", "not known"), ("/with a space", "not known"), ("/shaky", "there")])
def test_a_page(web, path, answer):
    assert links["ask"](web + path)[0] == answer


@pytest.mark.parametrize("doi, answer", [("10.1/good(a)", "there"), ("10.1/odd", "gone"), ("10.1/none", "gone")])
def test_a_doi_is_asked_of_the_register(web, doi, answer):
    assert links["ask"](f"https://doi.org/{doi}", register=f"{web}/")[0] == answer


def test_who_does_not_answer_is_not_gone():
    assert links["ask"]("http://127.0.0.1:1/", tries=1)[0] == "not known"  # nobody listens there


@pytest.mark.parametrize("errno, answer", [(socket.EAI_NONAME, "gone"), (socket.EAI_AGAIN, "not known")])
def test_a_host_that_does_not_exist_is_gone_but_not_where_no_name_is_known(monkeypatch, errno, answer):
    def refuse(*args, **kwargs):
        raise socket.gaierror(errno, "no")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert links["ask"]("http://old.example/", tries=1)[0] == answer


def test_a_site(web, tmp_path, capsys):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/a.html").write_text(f'<a href="{web}/there#part">x</a><a href="{web}/there">y</a><a href="b.html">z</a><link href="{web}/gone">')
    assert links["addresses"](tmp_path) == {f"{web}/there": "book/a.html"}
    assert links["main"](tmp_path) == 0
    (tmp_path / "book/b.html").write_text(f'<a href="{web}/gone">x</a><a href="{web}/guarded">y</a>')
    capsys.readouterr()
    assert links["main"](tmp_path, tries=1) == 1
    said = capsys.readouterr().out
    assert f"gone: {web}/gone" in said and "on book/b.html" in said and said.endswith("1 there, 1 gone, 1 not known\n")
    with pytest.raises(SystemExit, match="run make book"):
        links["main"](tmp_path / "nothing")
