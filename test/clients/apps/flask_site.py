"""A small Flask site with an API."""

import os
import signal
import time

from flask import Flask, abort, jsonify, redirect, request, url_for

application = Flask(__name__)


@application.get("/")
def home():
    return "<h1>Welcome</h1>"


@application.get("/old")
def old():
    return redirect(url_for("home", _external=True))


@application.post("/api/orders")
def order():
    return jsonify(ordered=request.get_json()), 201


@application.get("/api/fail")
def fail():
    response = jsonify(error="The database is being moved")
    response.status_code = 503
    response.headers["Retry-After"] = "120"
    return response


@application.get("/divide")
def divide():
    return str(1 / 0)


@application.get("/teapot")
def teapot():
    abort(418)


@application.get("/crash")
def crash():
    os.kill(os.getpid(), signal.SIGKILL)


@application.get("/slow")
def slow():
    time.sleep(600)
    return ""
