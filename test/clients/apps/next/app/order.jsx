'use client';

import { useActionState, useEffect, useState } from 'react';
import { order } from './actions.js';

export function Order() {
  const [message, act] = useActionState(order, '');
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return (
    <form action={act}>
      <input name="tea" />
      <button>Order</button>
      <p id="message">{message}</p>
      {isHydrated && <p id="hydrated">ready</p>}
    </form>
  );
}
