'use client';

export default function Failed({ error }) {
  return <h1>The shop’s own error page: {error.message}</h1>;
}
