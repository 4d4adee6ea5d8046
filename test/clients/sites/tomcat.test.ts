import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { unusedPort } from '../../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { recordOfSeen, recordsOf, startBehind } from '../support/behind.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { visit } from '../support/visit.ts';
import { addRow } from '../support/witness.ts';
import { expectBroken } from './support/broken.ts';
import { crawl } from './support/crawl.ts';
import { debianVersion } from './support/debian.ts';

const secret = ['Gr4nite-Otter', 'Tin7-Lantern', 'Tr0ut-Fern'];
const home = '/usr/share/tomcat10';

/** The setting of README.md's "Your stack": Tomcat takes the visitor's host and scheme from a trusted proxy. */
const forwarded =
  '<Valve className="org.apache.catalina.valves.RemoteIpValve" internalProxies=".*" protocolHeader="X-Forwarded-Proto" hostHeader="X-Forwarded-Host" />';

describe('Tomcat', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let elsewhere: RunningWorker;
  let software: string;

  beforeAll(async () => {
    const base = await temporaryFolder('tomcat');
    const port = await unusedPort();
    await mkdir(join(base, 'conf'));
    for (const folder of ['logs', 'temp', 'work', 'webapps']) await mkdir(join(base, folder));
    const web = await readFile('/etc/tomcat10/web.xml', 'utf8');
    // With this setting, Tomcat tries a broken JSP again at each request.
    const each =
      '<init-param><param-name>modificationTestInterval</param-name><param-value>0</param-value></init-param>';
    const servlet = '<servlet-class>org.apache.jasper.servlet.JspServlet</servlet-class>';
    await writeFile(join(base, 'conf/web.xml'), web.replace(servlet, servlet + each));
    await cp(join(import.meta.dirname, 'apps/tomcat'), join(base, 'webapps/ROOT'), { recursive: true });
    for (const name of ['docs', 'examples']) {
      await cp(`${home}-${name}/${name}`, join(base, 'webapps', name), {
        recursive: true,
        dereference: true,
      });
    }
    await writeFile(
      join(base, 'conf/server.xml'),
      `<Server port="-1"><Service name="Catalina">
  <Connector address="127.0.0.1" port="${port}" maxThreads="2" acceptCount="2" />
  <Engine name="Catalina" defaultHost="localhost"><Host name="localhost" appBase="webapps">${forwarded}</Host></Engine>
</Service></Server>`,
    );
    const jars = ['bootstrap.jar', 'tomcat-juli.jar'].map((name) => `${home}/bin/${name}`).join(':');
    const options = [
      '-Xmx96m',
      `-Dcatalina.home=${home}`,
      `-Dcatalina.base=${base}`,
      `-Djava.io.tmpdir=${base}/temp`,
    ];
    site = await startDaemon(
      ['java', ...options, '-cp', jars, 'org.apache.catalina.startup.Bootstrap', 'start'],
      {
        port,
      },
    );
    const vars = { LOG_ORIGIN_BODY_BYTES: 8192 };
    worker = await startBehind(site, vars);
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ...vars, ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    software = `Tomcat ${await debianVersion('tomcat10')}`;
  });

  it('is the same with and without the Worker, page by page, on a route and with ORIGIN_URL', async (context) => {
    const { paths, pages } = await crawl(site, [worker, elsewhere], {
      start: ['/', '/moved.jsp', '/docs/', '/examples/jsp/', '/examples/servlets/', '/nothing-here', '/docs'],
      limit: 110,
      // Tomcat takes the port from another header, so the host has none.
      headers: { Host: 'tea.example' },
      // These pages show the time, random values or the request's headers, or are slow on purpose.
      leaveOut:
        /shuffle|include|forward|implicit|jspx|xml\.jsp|snp|RequestHeader|RequestInfo|[Aa]sync|websocket|Session|num\/|dates|cal\/|async|;jsessionid/,
      varies: [/(?<=JSESSIONID=|jsessionid=)[0-9A-F]{32}/g],
    });
    expect(pages).toBeGreaterThan(50);
    for (const each of [worker, elsewhere]) expect(recordsOf(each)).toEqual([]);
    const done = `crawl of ${paths.length} URLs, ${pages} of them pages, on a route and with ORIGIN_URL`;
    addRow(context, [software, done, 'status, headers, body', 'the same', 'none']);
  });

  it.for([
    {
      failure: 'a JSP finds no driver for its database',
      path: '/database.jsp?key=Tr0ut-Fern',
      cause: ['java.sql.SQLException: No suitable driver found for jdbc:mariadb://'],
    },
    {
      failure: 'a JSP calls itself without end',
      path: '/deep.jsp',
      cause: ['java.lang.StackOverflowError'],
    },
    {
      failure: 'a JSP is misspelt',
      path: '/misspelt.jsp',
      cause: ['Unable to compile class for JSP', 'reqest cannot be resolved'],
    },
    {
      failure: 'Java is out of memory',
      path: '/memory.jsp',
      cause: ['java.lang.OutOfMemoryError: Java heap space'],
    },
  ])('$failure', async (failure, context) => {
    await expectBroken(
      context,
      { origin: site, worker },
      {
        software,
        message: 'Origin answered 500',
        secret,
        ...failure,
      },
    );
  });

  it('all threads are busy: the limit of time ends the wait', async (context) => {
    const patient = await startBehind(site, { ORIGIN_TIMEOUT_MS: 1000 });
    const busy = Array.from({ length: 2 }, () => visit(site, '/slow.jsp'));
    const seen = await visit(patient, '/slow.jsp');
    expect(await recordOfSeen(patient, seen.text)).toMatchObject({ message: 'Origin timed out' });
    await Promise.all(busy);
    const row = ['all threads are busy; ORIGIN_TIMEOUT_MS = 1000', 'an answer after seconds', 'the page'];
    addRow(context, [software, ...row, 'Origin timed out']);
  });

  it('Java is killed', async (context) => {
    await site.kill();
    const dead = { software, failure: 'Java is killed', message: 'Origin did not answer' };
    await expectBroken(context, { origin: site, worker }, dead);
  });
});
