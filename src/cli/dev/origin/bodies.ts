import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type Exchange, notFound, numberArgument, send, sendStream } from './case.ts';

/** A prime number, so that the bytes always show a buffer that is lost or sent twice. */
const period = 65_521;
const pattern = Buffer.from(
  Array.from({ length: 2 * period }, (_, index) => (((index % period) ** 2) >> 5) & 0xff),
);

/** The bytes of `/download` and `/range` from `offset` on, the same in every run. */
export function downloadChunk(offset: number, length: number): Buffer {
  const start = offset % period;
  return Buffer.alloc(length, pattern.subarray(start, start + period));
}

const chunkSize = 65_536;

function* downloadChunks(length: number): Generator<Buffer> {
  for (let offset = 0; offset < length; offset += chunkSize) {
    yield downloadChunk(offset, Math.min(chunkSize, length - offset));
  }
}

const binary = { 'Content-Type': 'application/octet-stream' };

/** Answers with as many megabytes as the argument says. */
export function download(exchange: Exchange): void {
  const megabytes = numberArgument(exchange, 0, 10_000);
  if (megabytes === undefined) return notFound(exchange);
  const length = megabytes * 1_000_000;
  const headers = { ...binary, 'Content-Length': length };
  sendStream(exchange, 200, headers, Readable.from(downloadChunks(length), { objectMode: false }));
}

/** Answers one range of a megabyte, or all of it. */
export function range(exchange: Exchange): void {
  const size = 1_000_000;
  const headers = { ...binary, 'Accept-Ranges': 'bytes', ETag: '"megabyte"' };
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(exchange.request.headers.range ?? '') ?? [];
  if (first + last === '') return send(exchange, 200, headers, downloadChunk(0, size));

  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(Number(last) + 1, size);
  if (start >= end) return send(exchange, 416, { ...headers, 'Content-Range': `bytes */${size}` });
  const contentRange = `bytes ${start}-${end - 1}/${size}`;
  send(exchange, 206, { ...headers, 'Content-Range': contentRange }, downloadChunk(start, end - start));
}

/** The decoded body of `/gzip`, `/br` and `/zstd`. */
const compressedText =
  '<!doctype html>\n<title>Compressed</title>\n' + '<p>Packed once, at the origin.</p>\n'.repeat(100);

const encoded = {
  gzip: gzipSync(compressedText),
  br: brotliCompressSync(compressedText),
  zstd: zstdCompressSync(compressedText),
};

/** Answers with bytes in one content coding, even if the client does not accept it. */
export function compressed(encoding: keyof typeof encoded) {
  return (exchange: Exchange) =>
    send(exchange, 200, { 'Content-Encoding': encoding, Vary: 'Accept-Encoding' }, encoded[encoding]);
}

/** Answers with a gzip body that goes wrong halfway. */
export function corrupt(exchange: Exchange): void {
  const bytes = Buffer.from(encoded.gzip);
  bytes.fill(0xff, bytes.length / 2);
  send(exchange, 200, { 'Content-Encoding': 'gzip' }, bytes);
}
