/** Libraries of Node, and a request with each. */
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { S3Client, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createClient as createConnectClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { Client as OpenSearch } from '@opensearch-project/opensearch';
import { generateText } from 'ai';
import axios from 'axios';
import { EventSource } from 'eventsource';
import got from 'got';
import { GraphQLClient } from 'graphql-request';
import { createClient as createSseClient } from 'graphql-sse';
import ky from 'ky';
import { createClient as createMatrixClient } from 'matrix-js-sdk';
import nodeFetch from 'node-fetch';
import { get } from 'node:http';
import { join } from 'node:path';
import { ofetch } from 'ofetch';
import openGraph from 'open-graph-scraper';
import OpenAI from 'openai';
import RssParser from 'rss-parser';
import { createClientAsync } from 'soap';
import { io } from 'socket.io-client';
import superagent from 'superagent';
import * as tus from 'tus-js-client';
import * as undici from 'undici';
import { Greeter } from '../support/greeter.ts';

export interface LibraryCall {
  readonly client: string;
  readonly does: string;
  /** Requests a URL. The answer does not matter. */
  ask(url: string): unknown;
}

const model = 'parrot-1';
const messages = [{ role: 'user' as const, content: 'Tea?' }];
const openai = (baseURL: string) => new OpenAI({ apiKey: 'key', baseURL, maxRetries: 0 });

const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
const s3 = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'key', secretAccessKey: 'word' },
  });

/** All calls of libraries. */
export const libraryCalls: readonly LibraryCall[] = [
  { client: 'node:http', does: 'GET', ask: (url) => new Promise((done) => get(url, done).on('error', done)) },
  { client: 'Node fetch', does: 'GET', ask: (url) => fetch(url) },
  { client: 'Node fetch', does: 'POST of JSON', ask: (url) => fetch(url, json) },
  { client: 'undici', does: 'request', ask: (url) => undici.request(url) },
  { client: 'node-fetch', does: 'GET', ask: (url) => nodeFetch(url) },
  { client: 'node-fetch', does: 'POST of JSON', ask: (url) => nodeFetch(url, json) },
  { client: 'axios', does: 'GET', ask: (url) => axios.get(url) },
  { client: 'axios', does: 'POST of JSON', ask: (url) => axios.post(url, {}) },
  { client: 'ky', does: 'GET .json()', ask: (url) => ky(url, { retry: 0 }).json() },
  { client: 'ky', does: 'GET .text()', ask: (url) => ky(url, { retry: 0 }).text() },
  { client: 'got', does: 'GET', ask: (url) => got(url, { retry: { limit: 0 } }) },
  { client: 'got', does: 'GET .json()', ask: (url) => got(url, { retry: { limit: 0 } }).json() },
  { client: 'superagent', does: 'GET', ask: (url) => superagent.get(url) },
  { client: 'superagent', does: 'POST of JSON', ask: (url) => superagent.post(url).send({}) },
  { client: 'ofetch', does: 'GET', ask: (url) => ofetch(url, { retry: 0 }) },
  { client: 'graphql-request', does: 'query', ask: (url) => new GraphQLClient(url).request('{ a }') },
  {
    client: 'graphql-sse',
    does: 'subscription',
    ask: async (url) => {
      const client = createSseClient({ url, retryAttempts: 0 });
      for await (const _ of client.iterate({ query: 'subscription { a }' }));
    },
  },
  {
    client: 'Connect (connect-node)',
    does: 'unary call',
    ask: (baseUrl) =>
      createConnectClient(Greeter, createConnectTransport({ baseUrl, httpVersion: '1.1' })).hello({}),
  },
  {
    client: 'Connect (connect-node)',
    does: 'server stream',
    ask: async (baseUrl) => {
      const client = createConnectClient(Greeter, createConnectTransport({ baseUrl, httpVersion: '1.1' }));
      for await (const _ of client.count({}));
    },
  },
  {
    client: 'gRPC-web (connect-node)',
    does: 'unary call',
    ask: (baseUrl) =>
      createConnectClient(Greeter, createGrpcWebTransport({ baseUrl, httpVersion: '1.1' })).hello({}),
  },
  {
    client: 'AWS SDK S3',
    does: 'GetObject',
    ask: (url) => s3(url).send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' })),
  },
  {
    client: 'AWS SDK S3',
    does: 'PutObject',
    ask: (url) => s3(url).send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'text' })),
  },
  {
    client: 'eventsource (npm)',
    does: 'subscribe',
    ask: (url) =>
      new Promise<void>((done) => {
        const source = new EventSource(url);
        source.onerror = () => {
          source.close();
          done();
        };
      }),
  },
  {
    client: 'socket.io-client',
    does: 'handshake by polling',
    ask: (url) =>
      new Promise<void>((done) => {
        const { origin, pathname } = new URL(url);
        const socket = io(origin, { path: pathname, reconnection: false, transports: ['polling'] });
        socket.on('connect_error', () => {
          socket.close();
          done();
        });
      }),
  },
  {
    client: 'tus-js-client',
    does: 'creation of an upload',
    ask: (endpoint) =>
      new Promise<void>((done) => {
        new tus.Upload(Buffer.from('text'), {
          endpoint,
          retryDelays: null,
          onError: () => done(),
          onSuccess: () => done(),
        }).start();
      }),
  },
  { client: 'rss-parser', does: 'GET of a feed', ask: (url) => new RssParser().parseURL(url) },
  { client: 'open-graph-scraper', does: 'link preview', ask: (url) => openGraph({ url }) },
  {
    client: 'Model Context Protocol SDK',
    does: 'initialize',
    ask: (url) =>
      new McpClient({ name: 'client', version: '1.0.0' }).connect(
        new StreamableHTTPClientTransport(new URL(url)),
      ),
  },
  {
    client: 'node-soap',
    does: 'call',
    ask: async (url) => {
      const client = await createClientAsync(join(import.meta.dirname, 'shop.wsdl'));
      client.setEndpoint(url);
      await client['OrderAsync']({ tea: 'Assam' });
    },
  },
  {
    client: 'OpenAI SDK',
    does: 'completion',
    ask: (url) => openai(url).chat.completions.create({ model, messages }),
  },
  {
    client: 'OpenAI SDK',
    does: 'completion as a stream',
    ask: (url) => openai(url).chat.completions.create({ model, messages, stream: true }),
  },
  {
    client: 'Anthropic SDK',
    does: 'message',
    ask: (baseURL) =>
      new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0 }).messages.create({
        model,
        messages,
        max_tokens: 9,
      }),
  },
  {
    client: 'AI SDK',
    does: 'generateText',
    ask: (baseURL) =>
      generateText({ model: createOpenAI({ apiKey: 'key', baseURL })(model), prompt: 'Tea?', maxRetries: 0 }),
  },
  {
    client: 'matrix-js-sdk',
    does: 'sign in',
    ask: (baseUrl) => createMatrixClient({ baseUrl }).loginRequest({ type: 'm.login.password' }),
  },
  {
    client: 'OpenSearch client',
    does: 'search',
    ask: (node) => new OpenSearch({ node, maxRetries: 0 }).search({ body: { query: { match_all: {} } } }),
  },
];
