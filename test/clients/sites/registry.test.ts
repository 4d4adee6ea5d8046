import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { unusedPort } from '../../support/origin.ts';
import { type RunningWorker, startWorkerd } from '../../support/workerd.ts';
import { atEnd, temporaryFolder } from '../support/at-end.ts';
import { lastRecord, recordsOf, startBehind } from '../support/behind.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { run } from '../support/run.ts';
import { addRow, tidy } from '../support/witness.ts';
import { expectBroken } from './support/broken.ts';
import { debianVersion } from './support/debian.ts';
import { smallDisk } from './support/small-disk.ts';

/** The last line of a program's output. */
const lastLine = ({ stderr }: { readonly stderr: string }) => tidy(stderr.trim().split('\n').at(-1) ?? '');

describe('A container registry', () => {
  let site: Daemon;
  let worker: RunningWorker;
  let elsewhere: RunningWorker;
  let software: string;

  beforeAll(async () => {
    site = await startRegistry(await temporaryFolder('registry'));
    worker = await startBehind(site);
    elsewhere = await startWorkerd({ bundle: inject('bundle'), vars: { ORIGIN_URL: site.url } });
    atEnd(() => elsewhere.stop());
    software = `skopeo ${await debianVersion('skopeo')}, docker-registry ${await debianVersion('docker-registry')}`;
  });

  /** Starts a registry that keeps its images in this folder. */
  async function startRegistry(storage: string): Promise<Daemon> {
    const port = await unusedPort();
    const config = join(await temporaryFolder('registry'), 'config.yml');
    await writeFile(
      config,
      `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${storage} }, cache: { blobdescriptor: inmemory } }
http: { addr: 127.0.0.1:${port} }
`,
    );
    return startDaemon(['docker-registry', 'serve', config], { port });
  }

  /** Makes an image with a layer of this many bytes, in the OCI's image layout. Returns its folder. */
  async function makeImage(bytes: number): Promise<string> {
    const folder = join(await temporaryFolder('image'), 'oci');
    await mkdir(join(folder, 'blobs/sha256'), { recursive: true });
    const files = join(folder, '../files');
    await mkdir(files);
    await writeFile(join(files, 'leaves'), randomBytes(bytes));
    await run(['tar', '-cf', join(folder, '../layer.tar'), '-C', files, '.']);
    const tar = await readFile(join(folder, '../layer.tar'));
    const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    const add = async (mediaType: string, data: Buffer) => {
      await writeFile(join(folder, 'blobs/sha256', sha256(data)), data);
      return { mediaType, digest: `sha256:${sha256(data)}`, size: data.length };
    };
    const json = (value: unknown) => Buffer.from(JSON.stringify(value));
    const type = 'application/vnd.oci.image';
    const layer = await add(`${type}.layer.v1.tar+gzip`, gzipSync(tar));
    const rootfs = { type: 'layers', diff_ids: [`sha256:${sha256(tar)}`] };
    const config = await add(`${type}.config.v1+json`, json({ architecture: 'amd64', os: 'linux', rootfs }));
    const mediaType = `${type}.manifest.v1+json`;
    const manifest = await add(mediaType, json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
    const named = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': '1' } };
    await writeFile(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
    await writeFile(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [named] }));
    return folder;
  }

  const skopeo = (...args: readonly string[]) => run(['skopeo', '--insecure-policy', ...args]);

  /** Pushes an image and pulls it back. Returns the output of both. */
  async function roundTrip(image: string, { host }: { readonly host: string }): Promise<string> {
    const name = `docker://${host}/tea`;
    const back = join(await temporaryFolder('back'), 'oci');
    const runs = [
      await skopeo('copy', `oci:${image}:1`, `${name}:1`, '--dest-tls-verify=false'),
      await skopeo('inspect', '--tls-verify=false', '--format', '{{.Digest}} {{.Layers}}', `${name}:1`),
      await skopeo('list-tags', '--tls-verify=false', name),
      await skopeo('copy', `${name}:1`, `oci:${back}:1`, '--src-tls-verify=false'),
    ];
    for (const { code, seen } of runs) expect(code, seen).toBe(0);
    return runs.map(({ stdout }) => stdout.replaceAll(host, 'registry.example')).join('\n');
  }

  it('images are pushed, listed and pulled, on a route and with ORIGIN_URL', async (context) => {
    const image = await makeImage(3_000_000);
    const direct = await roundTrip(image, site);
    expect(direct).toContain('sha256:');
    for (const each of [worker, elsewhere]) {
      // Each push needs a new image, because the registry keeps the layers that it has.
      const other = await makeImage(3_000_000);
      const digests = (text: string) => text.replace(/sha256:\w+/g, 'sha256:…');
      expect(digests(await roundTrip(other, each)).replace(/Copying .*\n/g, '')).toBe(
        digests(direct).replace(/Copying .*\n/g, ''),
      );
      expect(recordsOf(each)).toEqual([]);
    }
    const done = 'an image pushed, inspected, listed and pulled, on a route and with ORIGIN_URL';
    addRow(context, [software, done, 'all done', 'the same', 'none']);
  });

  it('the disk is full: the push fails as it would without the Worker, and the record has the cause', async (context) => {
    const full = await startRegistry(await smallDisk(1000));
    const behind = await startBehind(full, { LOG_ORIGIN_BODY_BYTES: 8192 });
    const image = await makeImage(3_000_000);
    const push = ({ host }: { readonly host: string }) =>
      skopeo('copy', `oci:${image}:1`, `docker://${host}/tea:1`, '--dest-tls-verify=false');
    const [direct, through] = [await push(full), await push(behind)];
    expect(direct.code).not.toBe(0);
    expect(through.code).toBe(direct.code);
    expect(await lastRecord(behind)).toMatchObject({ message: 'Origin answered 500' });
    const done = 'the disk is full, an image is pushed';
    addRow(context, [software, done, lastLine(direct), lastLine(through), 'Origin answered 500']);
    await expectBroken(
      context,
      { origin: full, worker: behind },
      {
        software,
        failure: 'the disk is full',
        method: 'POST',
        path: '/v2/tea/blobs/uploads/',
        message: 'Origin answered 500',
        // The number 28 is ENOSPC.
        cause: ['"message":"unknown error"', '"DriverName":"filesystem"', '"Op":"write"', '"Err":28'],
      },
    );
  });

  it('the registry is killed', async (context) => {
    await site.kill();
    const inspect = ({ host }: { readonly host: string }) =>
      skopeo('inspect', '--tls-verify=false', `docker://${host}/tea:1`);
    const [direct, through] = [await inspect(site), await inspect(worker)];
    expect(through.code).toBe(direct.code);
    expect(await lastRecord(worker)).toMatchObject({ message: 'Origin did not answer' });
    addRow(context, [
      software,
      'the registry is killed',
      lastLine(direct),
      lastLine(through),
      'Origin did not answer',
    ]);
  });
});
