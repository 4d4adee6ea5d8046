<?php
// What wp_die() is told to say is meant for the visitor. What ended in a fatal error is not.
add_filter( 'wp_die_handler', function ( $handler ) {
	return function ( $message, $title = '', $args = array() ) use ( $handler ) {
		$is_fatal = is_wp_error( $message ) && 'internal_server_error' === $message->get_error_code();
		if ( ! $is_fatal && ! headers_sent() ) header( 'X-Intercept-Errors: off' );
		$handler( $message, $title, $args );
	};
} );
