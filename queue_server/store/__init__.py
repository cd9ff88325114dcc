"""What is kept: the database, its migrations, and the SQL of tickets, appointments and the rest."""
