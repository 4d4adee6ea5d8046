<?php
/*
Plugin Name: Watermark
Description: Keeps 60 MB of each size of a photo, as image plugins do that never free what they load.
*/
add_filter(
	'image_make_intermediate_size',
	function ( $file ) {
		$GLOBALS['watermarks'][] = str_repeat( 'x', 60 << 20 );
		return $file;
	}
);
