<?php
// Fills a WordPress with something to read: `php content.php` in its folder.
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require 'wp-load.php';
$teas = array( 'Assam', 'Ceylon', 'Darjeeling', 'Keemun', 'Lapsang', 'Oolong', 'Rooibos', 'Sencha' );
$ada  = 1;
foreach ( $teas as $tea ) {
	$categories[ $tea ] = wp_insert_term( $tea, 'category' )['term_id'];
}
for ( $i = 0; $i < 48; $i++ ) {
	$tea = $teas[ $i % count( $teas ) ];
	$post = wp_insert_post(
		array(
			'post_title'    => "$tea $i",
			'post_content'  => "<!-- wp:paragraph --><p>How to brew $tea, part $i: \u{00fc}berbr\u{00fc}ht nicht.</p><!-- /wp:paragraph -->",
			'post_status'   => 'publish',
			'post_author'   => $ada,
			'post_date'     => sprintf( '2026-%02d-%02d 10:00:00', 1 + $i % 10, 1 + $i % 28 ),
			'post_category' => array( $categories[ $tea ] ),
			'tags_input'    => array( 'brewing', $tea ),
		)
	);
	wp_insert_comment(
		array(
			'comment_post_ID' => $post,
			'comment_author'  => 'Grace',
			'comment_content' => "Thank you for part $i",
		)
	);
}
// Which of Gravatar's servers a picture is on is left to chance.
update_option( 'show_avatars', '0' );
update_option( 'permalink_structure', '/%postname%/' );
flush_rewrite_rules();
