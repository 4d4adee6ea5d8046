<?php
http_response_code( 503 );
header( 'X-Intercept-Errors: off' );
header( 'Retry-After: 600' );
header( 'Content-Type: text/html; charset=utf-8' );
?>
<!doctype html>
<title>Back soon</title>
<h1>We are updating the shop. Please come back in ten minutes.</h1>
