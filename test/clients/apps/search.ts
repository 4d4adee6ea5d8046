/**
 * A search engine that takes queries like OpenSearch and Elasticsearch, also in the body of a GET: `node search.ts
 * PORT`. A search for "nothing" fails.
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const teas = ['assam', 'darjeeling', 'ceylon'];

/** https://docs.opensearch.org/latest/api-reference/search-apis/search/ */
function search(tea: string): { readonly status: number; readonly content: object } {
  const reason = 'shard 2 on node search-3.internal is not available';
  if (tea === 'nothing') {
    const error = { type: 'search_phase_execution_exception', reason };
    return { status: 503, content: { error, status: 503 } };
  }
  const hits = teas.filter((name) => name === tea).map((name) => ({ _id: name, _source: { name } }));
  return {
    status: 200,
    content: { took: 1, timed_out: false, hits: { total: { value: hits.length }, hits } },
  };
}

createServer((request, response) => {
  void text(request).then((body) => {
    // A request without a body contains no query.
    const { query } = JSON.parse(body || '{}');
    const { status, content } = search(query?.match?.name ?? '');
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
