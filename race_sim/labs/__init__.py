"""The labs' game at one moment of a race, and races in which labs do what they would not do by themselves."""
