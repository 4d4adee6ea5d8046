import { expect, it } from 'vitest';
import { withErrorPages } from '../../src/with-error-pages.ts';

it.each<[string, object, RegExp]>([
  ['an object without a fetch handler', { scheduled() {} }, /needs a Worker/],
  ['a class without a fetch method', class Site {}, /class Site has none/],
  ['a function', () => new Response(), /needs a fetch method/],
])('%s is refused at load, with a sentence', (_, worker, sentence) => {
  expect(() => Reflect.apply(withErrorPages, undefined, [worker])).toThrow(sentence);
});

it('what else a Worker has is kept, private members too', () => {
  class Router {
    readonly #routes = ['/'];
    fetch() {
      return new Response();
    }
    routes() {
      return this.#routes;
    }
  }
  expect(withErrorPages(new Router()).routes()).toEqual(['/']);
});
