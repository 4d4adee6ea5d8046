<?php
// A small shop. It says in its own words what went wrong, as many applications do.
function apologise(string $cause): void {
    http_response_code(500);
    header('Content-Type: text/html');
    echo '<!doctype html><style>body { color: red }</style><script>var shop = 1</script>',
        '<h1>The shop is out of order</h1><!-- internal --><pre>', htmlspecialchars($cause), '</pre>';
}
set_exception_handler(fn (Throwable $error) => apologise(get_class($error) . ': ' . $error->getMessage()));
register_shutdown_function(function () {
    $error = error_get_last();
    if ($error !== null && $error['type'] === E_ERROR) apologise($error['message']);
});

switch ($_GET['do'] ?? 'list') {
    case 'list':
        setcookie('basket', '1');
        echo '<!doctype html><title>Shop</title><h1>Tea & coffee</h1>';
        break;
    case 'order':
        header('Location: ?do=list', true, 303);
        break;
    case 'echo':
        header('Content-Type: text/plain');
        echo $_SERVER['REQUEST_METHOD'], ' ', file_get_contents('php://input');
        break;
    case 'memory':
        $hoard = [];
        while (true) $hoard[] = str_repeat('x', 1 << 20);
    case 'database':
        throw new RuntimeException('SQLSTATE[HY000] [2002] Connection refused');
    case 'slow':
        sleep(3);
        break;
    case 'crash':
        posix_kill(posix_getpid(), 9);
        break;
    case 'maintenance':
        http_response_code(503);
        header('X-Intercept-Errors: off');
        echo '<!doctype html><h1>Back at noon</h1>';
        break;
}
