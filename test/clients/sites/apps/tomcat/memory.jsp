<% byte[][] all = new byte[100000][]; for (int i = 0; i < all.length; i++) all[i] = new byte[10000000]; %>
