import Link from 'next/link';
import { Suspense } from 'react';
import { Order } from './order.jsx';

export const dynamic = 'force-dynamic';

async function Later() {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return <p>and tea is ready</p>;
}

export default function Page() {
  return (
    <>
      <h1>Welcome</h1>
      <Suspense fallback={<p>waiting</p>}>
        <Later />
      </Suspense>
      <Order />
      <Link href="/next" prefetch={false}>
        Next
      </Link>
    </>
  );
}
