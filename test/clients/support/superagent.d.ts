/** The types of superagent that the tests use. The published types need a missing tag of another package. */
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
