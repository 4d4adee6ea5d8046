/** Headers of clients that cannot be run here, as their makers published them or others measured them. */

/** Headers and their source. */
export interface PublishedSet {
  readonly client: string;
  readonly does: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly source: string;
  /** Default: GET. */
  readonly method?: 'POST';
}

const springBootAdmin =
  'https://github.com/codecentric/spring-boot-admin/blob/2.7.x/spring-boot-admin-server/src/main/java/de/codecentric/boot/admin/server/web/client/InstanceExchangeFilterFunctions.java';
const agents = 'https://acceptmarkdown.com/status.md';

/** All published headers. */
export const publishedSets: readonly PublishedSet[] = [
  {
    client: 'Java HttpURLConnection before JDK 17',
    does: 'GET',
    headers: [
      ['User-Agent', 'Java/11.0.8'],
      ['Accept', 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'],
    ],
    source:
      'https://github.com/openjdk/jdk11u/blob/master/src/java.base/share/classes/sun/net/www/protocol/http/HttpURLConnection.java',
  },
  {
    client: 'Spring Boot Admin',
    does: 'health check',
    headers: [
      [
        'Accept',
        'application/vnd.spring-boot.actuator.v2+json, application/vnd.spring-boot.actuator.v1+json, application/json',
      ],
    ],
    source: springBootAdmin,
  },
  {
    client: 'Spring Boot Admin',
    does: 'GET of a log file',
    headers: [['Accept', 'text/plain, */*']],
    source: springBootAdmin,
  },
  {
    client: 'Mastodon (ActivityPub)',
    does: 'GET of an actor',
    headers: [['Accept', 'application/activity+json, application/ld+json']],
    source: 'https://github.com/mastodon/mastodon/blob/main/app/helpers/json_ld_helper.rb',
  },
  {
    client: 'Mastodon (ActivityPub)',
    does: 'delivery to an inbox',
    method: 'POST',
    headers: [['Content-Type', 'application/activity+json']],
    source: 'https://github.com/mastodon/mastodon/blob/main/app/workers/activitypub/delivery_worker.rb',
  },
  {
    client: 'Livewire',
    does: 'action of a component',
    method: 'POST',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Livewire', ''],
      ['Accept', '*/*'],
      ['Sec-Fetch-Site', 'same-origin'],
      ['Sec-Fetch-Mode', 'cors'],
      ['Sec-Fetch-Dest', 'empty'],
    ],
    source: 'https://github.com/livewire/livewire/blob/v3.6.4/js/request.js',
  },
  {
    client: 'OkHttp (Android)',
    does: 'GET',
    headers: [
      ['Accept-Encoding', 'gzip'],
      ['User-Agent', 'okhttp/4.12.0'],
    ],
    source:
      'https://github.com/square/okhttp/blob/parent-4.12.0/okhttp/src/main/kotlin/okhttp3/internal/http/BridgeInterceptor.kt',
  },
  {
    client: 'Go net/http',
    does: 'GET',
    headers: [
      ['User-Agent', 'Go-http-client/1.1'],
      ['Accept-Encoding', 'gzip'],
    ],
    source: 'https://cs.opensource.google/go/go/+/master:src/net/http/request.go',
  },
  {
    client: 'coding agent that asks for Markdown first',
    does: 'fetch of a page',
    headers: [['Accept', 'text/markdown, text/html, */*']],
    source: agents,
  },
  {
    client: 'Cursor',
    does: 'fetch of a page',
    headers: [['Accept', 'text/markdown, text/plain;q=0.9, */*;q=0.8']],
    source: agents,
  },
  {
    client: 'OpenCode',
    does: 'fetch of a page',
    headers: [
      ['Accept', 'text/markdown;q=1.0, text/x-markdown;q=0.9, text/plain;q=0.8, text/html;q=0.7, */*;q=0.1'],
    ],
    source: 'https://github.com/sst/opencode/blob/dev/packages/opencode/src/tool/webfetch.ts',
  },
];
