"""A small Django site: a login, and pages that fail. The environment sets DEBUG."""

import os
import time

import django
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import include, path

folder = os.environ["SITE_FOLDER"]
settings.configure(
    DEBUG=os.environ.get("SITE_DEBUG") == "1",
    SECRET_KEY="for tests alone",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(folder, "site.sqlite"),
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "registration/login.html": "<form method=post>{% csrf_token %}{{ form }}"
                            "<button>Sign in</button></form>"
                        },
                    )
                ]
            },
        }
    ],
    LOGIN_REDIRECT_URL="/after-login",
)
django.setup()


def home(request):
    return HttpResponse("<h1>Welcome</h1>")


def after_login(request):
    # Sites do this to send people back to the page from which they came.
    return redirect(request.build_absolute_uri("/account"))


@login_required
def account(request):
    return HttpResponse(f"<h1>Hello {request.user.username}</h1>")


def divide(request):
    return HttpResponse(str(1 / int(request.GET.get("by", "0"))))


def lines(request):
    def generate():
        for number in range(3):
            yield f"line {number}\n"
            time.sleep(0.05)

    return StreamingHttpResponse(generate(), content_type="text/plain")


urlpatterns = [
    path("", home),
    path("after-login", after_login),
    path("account", account),
    path("divide", divide),
    path("lines", lines),
    path("accounts/", include("django.contrib.auth.urls")),
]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User

    User.objects.create_user("ada", password="analytical engine")
