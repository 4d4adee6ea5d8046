import { describe, expect, test } from 'vitest';
import { causeInBody } from '../../src/cli/lookup/origin-said.ts';

const TOMCAT = `HTTP Status 500 – Internal Server Error
HTTP Status 500 – Internal Server Error
Type Exception Report
Message Servlet execution threw an exception
Description The server encountered an unexpected condition that prevented it from fulfilling the request.
Exception
jakarta.servlet.ServletException: Servlet execution threw an exception
org.apache.tomcat.websocket.server.WsFilter.doFilter(WsFilter.java:51)
Root Cause
java.lang.IllegalStateException: pool exhausted
com.example.Pool.take(Pool.java:7)
Note The full stack trace of the root cause is available in the server logs.
Apache Tomcat/10.1.34`;
const REDMINE = `Redmine 500 error
Internal error
An error occurred on the page you were trying to access.
If you continue to experience problems please contact your Redmine administrator for assistance.
Back`;

describe('the line with the cause is picked', () => {
  test.each<readonly [string, string, string]>([
    [
      'Tomcat',
      TOMCAT,
      'Servlet execution threw an exception; java.lang.IllegalStateException: pool exhausted',
    ],
    [
      'Tomcat without an exception',
      'HTTP Status 503 – Service Unavailable\nType Status Report\nMessage The shop is closed\nApache Tomcat/9.0.70',
      'The shop is closed',
    ],
    [
      'Jetty',
      'HTTP ERROR 500 boom\nURI: /x\nSTATUS: 500\nMESSAGE: Server Error\nCAUSED BY: java.io.IOException: No space left',
      'java.io.IOException: No space left',
    ],
    [
      'Spring Boot',
      '{"timestamp":"2026-11-30","status":500,"error":"Internal Server Error","message":"pool exhausted","path":"/x"}',
      'pool exhausted',
    ],
    ['problem details', '{"title":"Service Unavailable","status":503,"detail":"In recovery"}', 'In recovery'],
    [
      'a name and a text',
      '{"error":"db_down","message":"Database \\u00fcber is down"}',
      'Database über is down; db_down',
    ],
    [
      'Elasticsearch',
      '{"error":{"root_cause":[{"reason":"all shards failed"}],"reason":"all shards failed"},"status":503}',
      'all shards failed',
    ],
    [
      'GraphQL',
      '{"errors":[{"message":"Cannot return null","locations":[{"line":1}]}]}',
      'Cannot return null',
    ],
    ['JSON that was cut', '{"status":500,"message":"cut in the mid', 'cut in the mid'],
    [
      'XML',
      '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>Try later</Message></Error>',
      'Try later',
    ],
    [
      'SOAP',
      '<s:Fault><faultcode>s:Server</faultcode><faultstring>Ledger closed</faultstring></s:Fault>',
      'Ledger closed',
    ],
    ['Redmine', REDMINE, 'Internal error: An error occurred on the page you were trying to access.'],
    [
      'HAProxy',
      '503 Service Unavailable\nNo server is available to handle this request.',
      '503 Service Unavailable: No server is available to handle this request.',
    ],
    [
      'WordPress',
      'Database Error\nError establishing a database connection',
      'Database Error; Error establishing a database connection',
    ],
    ['nginx', '502 Bad Gateway\n502 Bad Gateway\nnginx/1.22.1', '502 Bad Gateway; nginx/1.22.1'],
    [
      'Redmine in its layout',
      '500 - Redmine\nSearch:\nJump to a project...\nActivity\n500\nAn error occurred while executing the query.\nBack',
      '500: An error occurred while executing the query.',
    ],
    [
      'Django with what was said before',
      'OperationalError\nat /auth/\nno such table\nException Type:\nOperationalError:\nException Value:\nno such table\nException Location:\n/usr/lib',
      'no such table',
    ],
    [
      'a misspelt JSP',
      'Message org.apache.jasper.JasperException: Unable to compile class for JSP:\nException\norg.apache.jasper.JasperException: Unable to compile class for JSP:\nAn error occurred at line: [1]\nreqest cannot be resolved\nStacktrace:',
      'org.apache.jasper.JasperException: Unable to compile class for JSP: An error occurred at line: [1] reqest cannot be resolved',
    ],
    [
      'MediaWiki',
      'Sorry! This site is experiencing technical difficulties.\nTry waiting a few minutes and reloading.\n(Cannot access the database)',
      '(Cannot access the database)',
    ],
    [
      'Express',
      'Error\nError: connect ECONNREFUSED 127.0.0.1:5432\nat TCPConnectWrap (node:net:1:2)',
      'Error: connect ECONNREFUSED 127.0.0.1:5432',
    ],
    [
      'Django',
      'OperationalError at /checkout\nOperationalError\nconnection refused\nException Type: OperationalError\nException Value: connection refused',
      'connection refused',
    ],
    [
      'Rails',
      'Action Controller: Exception caught\nRuntimeError in ShopController#index\nboom\nExtracted source',
      'RuntimeError in ShopController#index; boom',
    ],
    [
      'PHP',
      'Fatal error: Uncaught PDOException: SQLSTATE[HY000] [2002] in /var/www/x.php:12\nStack trace:',
      'Uncaught PDOException: SQLSTATE[HY000] [2002] in /var/www/x.php:12',
    ],
    [
      'Python',
      'Traceback (most recent call last):\nFile "/app/x.py", line 3, in f\nsqlalchemy.exc.OperationalError: could not connect',
      'sqlalchemy.exc.OperationalError: could not connect',
    ],
    ['one line among rules', ' --- \n\n out of memory ', 'out of memory'],
    ['a status alone', 'Internal Server Error', 'Internal Server Error'],
  ])('%s', (_, body, cause) => {
    expect(causeInBody(body)).toBe(cause);
  });

  test.each([[''], ['   \n'], ['{}'], ['---']])('nothing of %j', (body) => {
    expect(causeInBody(body)).toBeUndefined();
  });

  test('a long line is cut', () => {
    expect(causeInBody(`x${'y'.repeat(500)}`)).toBe(`x${'y'.repeat(199)}…`);
  });
});

test('a hostile body is read in linear time', () => {
  const parts = ['"a":"', 'Error. ', 'error ', '<a ', '\\', '.....', 'Caused by: ', 'a.b.', 'Message '];
  for (const part of parts) {
    const before = performance.now();
    causeInBody(`{${part.repeat(8192 / part.length)}!`);
    causeInBody(part.repeat(8192 / part.length));
    // A pattern that backtracks would take minutes.
    expect(performance.now() - before, part).toBeLessThan(5000);
  }
});
