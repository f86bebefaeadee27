namespace Ringmaster.Devices.Input;

/// <summary>A mouse or tablet of the guest's, as somebody's hand sees it. All members are called with the machine's lock held.</summary>
public interface IPointerInput
{
    /// <summary>Whether it tells the guest positions (a tablet) rather than movements (a mouse).</summary>
    bool IsAbsolute { get; }

    /// <summary>The pointer moves, or its buttons change.</summary>
    /// <param name="x">
    /// For a tablet the position, 0 at the left to 32767 at the right; for a mouse the movement in pixels to the right.
    /// </param>
    /// <param name="y">As <paramref name="x"/>, from the top downwards.</param>
    /// <param name="buttons">The buttons that are down.</param>
    /// <param name="wheel">Notches that the wheel was turned away from the hand, negative towards it.</param>
    void Move(int x, int y, PointerButtons buttons, int wheel);
}
