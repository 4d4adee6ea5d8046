/** Decides who gets which answer, before it is written. Both the record and the answer follow this plan. */
import { isOnPurpose } from '../failure.ts';
import type { Incident } from '../incident.ts';
import type { LanguageTag } from '../page/languages.ts';
import { attempt } from '../untrusted.ts';
import { isPreflight } from './cors.ts';
import { languageFor } from './language-for.ts';
import { statusOf } from './status.ts';
import { whoAsks, type Form } from './who-asks.ts';

/** The plan of an answer to a failed request. */
export type Plan =
  /** An answer of our own. */
  | { readonly format: Form; readonly status: number; readonly language: LanguageTag }
  /** The origin's own answer, unchanged. `onPurpose` is true if the origin asks for that. */
  | {
      readonly format: 'origin';
      readonly status: number;
      readonly response: Response;
      readonly onPurpose: boolean;
    }
  /** We answer a CORS preflight ourselves, because the origin cannot. */
  | { readonly format: 'preflight'; readonly status: 204 };

/** The request headers that decide the form or the language of an answer, except User-Agent. */
export const VARY =
  'Accept, Accept-Language, Content-Type, HX-Boosted, HX-History-Restore-Request, HX-Request, Sec-Fetch-Dest, ' +
  'Sec-Fetch-Mode, X-Inertia, X-Livewire, X-Requested-With, X-Up-Version';

/** Plans the answer to a failed request. Never throws: if a choice fails, a default holds. */
export function planAnswer(incident: Incident): Plan {
  const { request, failure, settings } = incident;
  const response =
    failure.kind === 'answered' && failure.response.status >= 500 ? failure.response : undefined;
  const passable = response !== undefined && isWhole(response) ? response : undefined;
  if (passable !== undefined && isOnPurpose(passable)) return passed(passable, true);
  if (isPreflight(incident)) return { format: 'preflight', status: 204 };

  const originType = response?.headers.get('content-type') ?? null;
  const { form, isPerson } = attempt(() => whoAsks(request.headers, originType)) ?? {
    form: 'html',
    isPerson: true,
  };
  const isForPrograms = settings.INTERCEPT === 'pages' && !isPerson;
  if (passable !== undefined && isForPrograms && isOwnWords(incident)) return passed(passable, false);

  const language = attempt(() =>
    languageFor(request.headers.get('accept-language'), settings.DEFAULT_LANGUAGE),
  );
  return {
    format: form,
    status: settings.ERROR_STATUS === 'origin' ? statusOf(failure) : 500,
    language: language ?? settings.DEFAULT_LANGUAGE,
  };
}

function passed(response: Response, onPurpose: boolean): Plan {
  return { format: 'origin', status: response.status, response, onPurpose };
}

/** True if the origin or the application wrote the answer itself, and not Cloudflare or `onError`. */
function isOwnWords({ failure, diagnosis }: Incident): boolean {
  return diagnosis.source !== 'network' && failure.kind === 'answered' && failure.exception === undefined;
}

/** True if the body is unread. An application may have read its own answer: then it cannot be passed on. */
function isWhole({ bodyUsed, body }: Response): boolean {
  return !bodyUsed && !body?.locked;
}
