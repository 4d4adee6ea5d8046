import { Links, Meta, Outlet, Scripts, isRouteErrorResponse, useRouteError } from 'react-router';

export function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <Scripts />
      </body>
    </html>
  );
}

export default function Shop() {
  return <Outlet />;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const said = isRouteErrorResponse(error) ? `${error.status} ${JSON.stringify(error.data)}` : error.message;
  return <h1>The shop’s own error page: {said}</h1>;
}
