<?php
// Writes a photo of 3000 by 2000 pixels: `php photo.php FILE`.
$image = imagecreatetruecolor( 3000, 2000 );
for ( $i = 0; $i < 400; $i++ ) {
	$colour = imagecolorallocate( $image, $i * 7 % 256, $i * 13 % 256, $i * 29 % 256 );
	imagefilledellipse( $image, $i * 97 % 3000, $i * 61 % 2000, 300, 200, $colour );
}
imagejpeg( $image, $argv[1], 90 );
