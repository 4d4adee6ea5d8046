import { useEffect, useState } from 'react';
import { Form, Link, useFetcher } from 'react-router';

export const loader = () => ({ welcome: 'Welcome' });

export async function action({ request }) {
  const tea = String((await request.formData()).get('tea'));
  return { message: tea === '' ? 'Which tea?' : `Ordered ${tea}` };
}

export default function Home({ loaderData, actionData }) {
  const fetcher = useFetcher();
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return (
    <>
      <h1>{loaderData.welcome}</h1>
      <fetcher.Form method="post" action="/?index" id="fetcher">
        <input name="tea" />
        <button>Order</button>
      </fetcher.Form>
      <Form method="post" action="/?index" reloadDocument id="plain">
        <input name="tea" type="hidden" value="Assam" />
        <button>Order plainly</button>
      </Form>
      <Link to="/next">Next</Link>
      <p id="message">{(fetcher.data ?? actionData)?.message}</p>
      {isHydrated && <p id="hydrated">ready</p>}
    </>
  );
}
