/** An application of apps/workers in its three forms: bare, in error pages, and with `onError` too. */
import { type Answer, type Question, ask } from '../../support/ask.ts';
import { type Application, type ApplicationOptions, startApplication } from './application.ts';

const forms = ['bare', 'wrapped', 'handled'] as const;

/** One of the three forms. The variable `VARIANT` selects it. */
export type Form = (typeof forms)[number];

/** The two forms with error pages. */
export const withPages = ['wrapped', 'handled'] as const satisfies readonly Form[];

/** Starts all three forms. They run until the tests of the file have ended. */
export async function startForms(
  name: string,
  options: ApplicationOptions = {},
): Promise<Readonly<Record<Form, Application>>> {
  const start = (VARIANT: Form) =>
    startApplication(name, { ...options, bindings: { ...options.bindings, VARIANT } });
  return { bare: await start('bare'), wrapped: await start('wrapped'), handled: await start('handled') };
}

/** The parts of an answer that a client can use, without those about the connection. */
export interface Everything {
  readonly status: number;
  readonly text: string;
  readonly headers: readonly string[];
}

/** Sends a request to an application. All applications get the same Host. */
export async function everythingOf(application: Application, question: Question): Promise<Everything> {
  const headers = { Host: 'shop.example', ...question.headers };
  const { status, rawHeaders, text }: Answer = await ask(application, { ...question, headers });
  return {
    status,
    text,
    headers: rawHeaders.flatMap((name, at) =>
      at % 2 === 1 || /^(?:date|connection|keep-alive)$/i.test(name) ? [] : `${name}: ${rawHeaders[at + 1]}`,
    ),
  };
}
