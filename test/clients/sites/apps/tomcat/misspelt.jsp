<% String password = "Tin7-Lantern"; reqest.login("ada", password); %>
