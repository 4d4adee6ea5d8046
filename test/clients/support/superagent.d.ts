/** What the tests use of superagent, whose published types need a tag of another package that is gone. */
declare module 'superagent' {
  interface Answer {
    readonly ok: boolean;
    readonly status: number;
    readonly text: string;
    readonly error: unknown;
  }
  interface Request extends Promise<Answer> {
    type(name: string): this;
    send(body: string | object): this;
    ok(isGood: () => boolean): this;
    retry(times: number): this;
  }
  const superagent: { get(url: string): Request; post(url: string): Request };
  export default superagent;
}
