/** A Worker that is a class, as service bindings need it. */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { withErrorPages } from '../../../../src/with-error-pages.ts';

class Shop extends WorkerEntrypoint {
  #sold = 0;

  override async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/throws') throw new Error('The till is jammed');
    if (pathname === '/who') return new Response(this.ctx === undefined ? 'nobody' : 'the shop');
    return new Response('Welcome', { headers: { 'X-Shop': 'open' } });
  }

  /** Another Worker calls this method. */
  async sell(count: number): Promise<number> {
    this.#sold += count;
    return this.#sold;
  }
}

export default withErrorPages(Shop);
