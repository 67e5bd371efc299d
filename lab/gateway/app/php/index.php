<?php
// The same shop for PHP: ?slow=SECONDS, ?header=BYTES, ?kill=1.
if (isset($_GET['slow'])) sleep((int)$_GET['slow']);
if (isset($_GET['header'])) header('Set-Cookie: session=' . str_repeat('x', (int)$_GET['header']));
if (isset($_GET['kill'])) exec('kill -9 ' . getmypid());
echo "<!doctype html><title>Shop</title><h1>Welcome</h1>\n";
