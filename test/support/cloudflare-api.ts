/**
 * A server that answers `wrangler deploy`, `rollback`, `versions`, `deployments` and `delete` as Cloudflare's
 * API does, and remembers what it got. https://developers.cloudflare.com/api/resources/workers/
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './origin/listener.ts';
import { ACCOUNT_ID, TOKEN } from './telemetry-api.ts';

/** A route as it was asked for. */
export interface UploadedRoute {
  readonly pattern: string;
  readonly zone_name?: string;
}

/** What one upload holds. */
export interface Version {
  readonly id: string;
  /** The part "metadata" of the upload: bindings, compatibility date and flags, observability, annotations. */
  readonly metadata: Metadata;
  /** The uploaded modules' names. */
  readonly modules: readonly string[];
}

/** Of the metadata, what the tests ask for. */
export interface Metadata {
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly observability?: unknown;
  readonly compatibility_flags?: readonly string[];
}

/** A Worker of the account. */
export interface UploadedWorker {
  /** The oldest first. */
  readonly versions: Version[];
  /** The IDs of the versions that were made to serve, the oldest first. */
  readonly deployed: string[];
  routes: readonly UploadedRoute[];
}

export interface CloudflareApi {
  /** What wrangler needs in its environment to ask this server and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** The account's Workers by name. */
  readonly workers: ReadonlyMap<string, UploadedWorker>;
  /** `GET /accounts/…/workers/…` of each request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface Question {
  readonly method: string;
  /** The path behind `/client/v4`, and behind the account where it is about one. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly contentType: string;
}

class NotFound extends Error {}

/** Starts the server on a free port of 127.0.0.1, with an account that has no Workers. */
export async function startCloudflareApi(): Promise<CloudflareApi> {
  const workers = new Map<string, UploadedWorker>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void read(request)
      .then(async (question) => {
        requests.push(`${question.method} ${request.url ?? ''}`);
        return { status: 200, body: envelope(await answer(question, workers)) };
      })
      .catch((error: unknown) => ({
        status: error instanceof NotFound ? 404 : 400,
        body: {
          success: false,
          errors: [{ code: 10_007, message: String(error) }],
          messages: [],
          result: null,
        },
      }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  const { host, stop } = await listen(server);
  return {
    env: {
      CLOUDFLARE_API_BASE_URL: `http://${host}/client/v4`,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
    },
    workers,
    requests,
    close: stop,
  };
}

async function read(request: IncomingMessage): Promise<Question> {
  const url = new URL(request.url ?? '', 'http://localhost');
  return {
    method: request.method ?? '',
    path: url.pathname.replace('/client/v4', '').replace(`/accounts/${ACCOUNT_ID}`, ''),
    query: url.searchParams,
    body: await buffer(request),
    contentType: request.headers['content-type'] ?? '',
  };
}

function envelope(result: unknown): unknown {
  const count = Array.isArray(result) ? result.length : 0;
  const result_info = { page: 1, per_page: 100, count, total_count: count, total_pages: 1 };
  return { success: true, errors: [], messages: [], result, result_info };
}

async function answer(question: Question, workers: Map<string, UploadedWorker>): Promise<unknown> {
  const { method, path, query } = question;
  if (path === '/zones') return [{ id: 'zone', name: query.get('name'), account: { id: ACCOUNT_ID } }];
  if (/^\/zones\/\w+\/workers\/routes$/.test(path)) return [];
  if (/^\/(?:workers\/durable_objects|storage\/kv)\//.test(path)) return [];

  const [, kind = '', name = '', rest = ''] = /^\/workers\/(\w+)\/([\w-]+)(?:\/(.*))?$/.exec(path) ?? [];
  // The first upload of a Worker is deployed by itself, later ones by a deployment of their own.
  if (kind === 'scripts' && rest === '' && method === 'PUT') return upload(name, question, workers, true);
  const worker = workers.get(name);
  if (worker === undefined) throw new NotFound(`workers.api.error.script_not_found: ${path}`);
  if (kind === 'scripts' && rest === 'versions' && method === 'POST') {
    return upload(name, question, workers, false);
  }
  if (kind === 'services' && method === 'DELETE') return workers.delete(name);
  if (kind === 'services') return { id: name, default_environment: { script: {} } };
  if (kind === 'workers') return { id: name, name, subdomain: { enabled: false, previews_enabled: false } };
  if (kind === 'scripts') return ofScript(worker, rest, question);
  throw new NotFound(path);
}

async function upload(
  name: string,
  { body, contentType }: Question,
  workers: Map<string, UploadedWorker>,
  isDeployed: boolean,
): Promise<unknown> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  const metadata: Metadata = JSON.parse(String(form.get('metadata')));
  const modules = [...form.keys()].filter((key) => key !== 'metadata');
  const worker = workers.get(name) ?? newWorker();
  const id = randomUUID();
  const version: Version = { id, metadata, modules };
  worker.versions.push(version);
  workers.set(name, worker);
  const answered = { etag: id, startup_time_ms: 1, has_modules: true, entry_point: 'index.js' };
  if (!isDeployed) return { ...describeVersion(version, worker.versions.length - 1), ...answered };
  worker.deployed.push(id);
  return { id: name, deployment_id: id, ...answered };
}

function newWorker(): UploadedWorker {
  return { versions: [], deployed: [], routes: [] };
}

function ofScript(worker: UploadedWorker, rest: string, { method, body }: Question): unknown {
  const [part = '', id] = rest.split('/');
  if (method === 'GET' && part === 'versions') {
    const found = worker.versions.map(describeVersion);
    return id === undefined ? { items: found.toReversed() } : found.find((version) => version.id === id);
  }
  if (method === 'GET' && part === 'deployments') {
    return { deployments: worker.deployed.map(describeDeployment).toReversed() };
  }
  if (method === 'GET' && part === 'subdomain') return { enabled: false, previews_enabled: false };
  if (method === 'GET' && part === 'settings')
    return { bindings: worker.versions.at(-1)?.metadata.bindings ?? [] };
  if (method === 'GET') return [];

  const sent = JSON.parse(body.toString());
  if (part === 'routes') worker.routes = sent;
  if (part === 'deployments') worker.deployed.push(sent.versions[0].version_id);
  return sent;
}

function describeVersion({ id, metadata }: Version, index: number) {
  const created_on = new Date(Date.UTC(2026, 0, index + 1)).toISOString();
  return {
    id,
    number: index + 1,
    annotations: metadata.annotations ?? {},
    metadata: { created_on, modified_on: created_on, source: 'wrangler', author_email: 'ops@shop.example' },
    resources: {
      bindings: metadata.bindings,
      script: { etag: id, handlers: ['fetch'] },
      script_runtime: {},
    },
  };
}

function describeDeployment(version_id: string, index: number): unknown {
  return {
    id: randomUUID(),
    source: 'wrangler',
    strategy: 'percentage',
    author_email: 'ops@shop.example',
    created_on: new Date(Date.UTC(2026, 0, index + 1)).toISOString(),
    annotations: {},
    versions: [{ version_id, percentage: 100 }],
  };
}
