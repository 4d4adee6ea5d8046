"""Django's own administration, with sixty people. `python3 shop.py` makes the site in the folder SHOP."""
import os

import django
from django.conf import settings
from django.contrib import admin
from django.core.wsgi import get_wsgi_application
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=['*'],
    CSRF_COOKIE_NAME='csrf',
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(os.environ['SHOP'], 'shop.db')}},
    DEBUG='DEBUG' in os.environ,
    INSTALLED_APPS=[
        'django.contrib.admin',
        'django.contrib.auth',
        'django.contrib.contenttypes',
        'django.contrib.messages',
        'django.contrib.sessions',
    ],
    MIDDLEWARE=[
        'django.contrib.sessions.middleware.SessionMiddleware',
        'django.middleware.common.CommonMiddleware',
        'django.middleware.csrf.CsrfViewMiddleware',
        'django.contrib.auth.middleware.AuthenticationMiddleware',
        'django.contrib.messages.middleware.MessageMiddleware',
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY='Qu4rtz-lamp',
    STATIC_URL='/static/',
    TEMPLATES=[
        {
            'BACKEND': 'django.template.backends.django.DjangoTemplates',
            'APP_DIRS': True,
            'OPTIONS': {
                'context_processors': [
                    'django.template.context_processors.request',
                    'django.contrib.auth.context_processors.auth',
                    'django.contrib.messages.context_processors.messages',
                ]
            },
        }
    ],
    # Behind a Worker with ORIGIN_URL, X-Forwarded-Host has the visitor's host.
    USE_X_FORWARDED_HOST=True,
)
django.setup()
urlpatterns = [path('', admin.site.urls)]
application = get_wsgi_application()

if __name__ == '__main__':
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command

    call_command('migrate', verbosity=0)
    User.objects.create_superuser('ada', 'ada@shop.example', 'Tin7-Lantern')
    for i in range(60):
        User.objects.create(username=f'visitor{i}', email=f'visitor{i}@shop.example')
        Group.objects.create(name=f'Guests {i}')
