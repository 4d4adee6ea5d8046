export const loader = () => ({ title: 'Next page' });

export default function Next({ loaderData }) {
  return <h1>{loaderData.title}</h1>;
}
