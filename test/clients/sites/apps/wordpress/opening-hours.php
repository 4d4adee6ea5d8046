<?php
/*
Plugin Name: Opening hours
*/
add_shortcode( 'opening_hours', fn() => 'Open from 9 to 17' );
